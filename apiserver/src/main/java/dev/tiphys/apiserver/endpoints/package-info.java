/// What can be asked of a resource, in the version it is served in: the operations behind the API's
/// verbs, and those of the subresources.
///
/// Requests over HTTP and calls within the process meet here; from here on nothing tells them
/// apart.
package dev.tiphys.apiserver.endpoints;
