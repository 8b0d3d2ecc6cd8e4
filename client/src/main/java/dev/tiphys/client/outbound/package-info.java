/// Requests to programs that are not the cluster's API server: monitoring, stores of secrets, web
/// hooks that users name.
package dev.tiphys.client.outbound;
