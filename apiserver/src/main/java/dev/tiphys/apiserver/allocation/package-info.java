/// What Services are given from a limited supply: cluster IPs and node ports. It is taken before a
/// Service is written, given back if it is not, and what a crash leaves behind is found again.
package dev.tiphys.apiserver.allocation;
