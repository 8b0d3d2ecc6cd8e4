/// What is counted of requests to Services of the mesh, in the families of Istio's own proxies.
package dev.tiphys.network.istio.metrics;
