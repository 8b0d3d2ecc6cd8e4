/// Shares in the routes of VirtualServices, and labels in the subsets of DestinationRules.
package dev.tiphys.delivery.traffic.istio;
