/// The configuration of the DNS, in the language of CoreDNS.
package dev.tiphys.network.dns.corefile;
