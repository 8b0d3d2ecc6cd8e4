/// ClusterExternalSecrets: the same ExternalSecret in several namespaces.
package dev.tiphys.secrets.cluster;
