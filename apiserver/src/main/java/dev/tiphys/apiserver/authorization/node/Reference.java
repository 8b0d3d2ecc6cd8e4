package dev.tiphys.apiserver.authorization.node;

/// An object that others refer to.
///
/// @param resource its resource, with its group
/// @param namespace empty for an object of the whole cluster
record Reference(String resource, String namespace, String name) {

  static final String SECRETS = "secrets";
  static final String CONFIG_MAPS = "configmaps";
  static final String SERVICE_ACCOUNTS = "serviceaccounts";
  static final String CLAIMS = "persistentvolumeclaims";
  static final String VOLUMES = "persistentvolumes";
  static final String RESOURCE_CLAIMS = "resourceclaims.resource.k8s.io";
  static final String RESOURCE_SLICES = "resourceslices.resource.k8s.io";
  static final String ATTACHMENTS = "volumeattachments.storage.k8s.io";
  static final String PODS = "pods";
}
