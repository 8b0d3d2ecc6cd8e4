/// Tells, for each Service with a selector, where its Pods are: as EndpointSlices, and as the older
/// Endpoints.
package dev.tiphys.controllers.endpoints;
