/// Names outside of the cluster: other name servers are asked, and what they say is remembered.
package dev.tiphys.network.dns.forward;
