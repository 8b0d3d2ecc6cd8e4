/// Secrets of another namespace or of another cluster.
package dev.tiphys.secrets.provider.kubernetes;
