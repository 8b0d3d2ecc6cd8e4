/// The service network: what makes a Service, a name and a policy into packets that pass.
package dev.tiphys.network;
