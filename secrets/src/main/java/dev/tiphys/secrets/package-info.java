/// Secrets that are kept as stores outside of the cluster have them: ExternalSecrets and what
/// belongs to them.
package dev.tiphys.secrets;
