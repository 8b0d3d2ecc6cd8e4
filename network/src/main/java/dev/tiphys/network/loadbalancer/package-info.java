/// Addresses for Services of type LoadBalancer, without a cloud.
package dev.tiphys.network.loadbalancer;
