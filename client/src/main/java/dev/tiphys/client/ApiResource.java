package dev.tiphys.client;

import dev.tiphys.schema.GroupVersion;

/// A resource, as a client names it.
///
/// @param groupVersion the group and version to speak
/// @param plural its name in paths: `pods`
/// @param kind the kind of its objects
/// @param namespaced whether each object lives in a namespace
public record ApiResource(
    GroupVersion groupVersion, String plural, String kind, boolean namespaced) {

  private static ApiResource namespaced(String apiVersion, String plural, String kind) {
    return new ApiResource(GroupVersion.parse(apiVersion), plural, kind, true);
  }

  private static ApiResource cluster(String apiVersion, String plural, String kind) {
    return new ApiResource(GroupVersion.parse(apiVersion), plural, kind, false);
  }

  public static final ApiResource CLUSTER_TRUST_BUNDLES =
      cluster("certificates.k8s.io/v1beta1", "clustertrustbundles", "ClusterTrustBundle");
  public static final ApiResource CONFIG_MAPS = namespaced("v1", "configmaps", "ConfigMap");
  public static final ApiResource CONTROLLER_REVISIONS =
      namespaced("apps/v1", "controllerrevisions", "ControllerRevision");
  public static final ApiResource CRON_JOBS = namespaced("batch/v1", "cronjobs", "CronJob");
  public static final ApiResource CSI_DRIVERS =
      cluster("storage.k8s.io/v1", "csidrivers", "CSIDriver");
  public static final ApiResource CSI_NODES = cluster("storage.k8s.io/v1", "csinodes", "CSINode");
  public static final ApiResource CUSTOM_RESOURCE_DEFINITIONS =
      cluster("apiextensions.k8s.io/v1", "customresourcedefinitions", "CustomResourceDefinition");
  public static final ApiResource DAEMON_SETS = namespaced("apps/v1", "daemonsets", "DaemonSet");
  public static final ApiResource DEPLOYMENTS = namespaced("apps/v1", "deployments", "Deployment");
  public static final ApiResource ENDPOINTS = namespaced("v1", "endpoints", "Endpoints");
  public static final ApiResource ENDPOINT_SLICES =
      namespaced("discovery.k8s.io/v1", "endpointslices", "EndpointSlice");
  public static final ApiResource EVENTS = namespaced("v1", "events", "Event");
  public static final ApiResource HORIZONTAL_POD_AUTOSCALERS =
      namespaced("autoscaling/v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler");
  public static final ApiResource INGRESSES =
      namespaced("networking.k8s.io/v1", "ingresses", "Ingress");
  public static final ApiResource INGRESS_CLASSES =
      cluster("networking.k8s.io/v1", "ingressclasses", "IngressClass");
  public static final ApiResource IP_ADDRESSES =
      cluster("networking.k8s.io/v1", "ipaddresses", "IPAddress");
  public static final ApiResource JOBS = namespaced("batch/v1", "jobs", "Job");
  public static final ApiResource LEASES = namespaced("coordination.k8s.io/v1", "leases", "Lease");
  public static final ApiResource NAMESPACES = cluster("v1", "namespaces", "Namespace");
  public static final ApiResource NETWORK_POLICIES =
      namespaced("networking.k8s.io/v1", "networkpolicies", "NetworkPolicy");
  public static final ApiResource NODES = cluster("v1", "nodes", "Node");
  public static final ApiResource PERSISTENT_VOLUME_CLAIMS =
      namespaced("v1", "persistentvolumeclaims", "PersistentVolumeClaim");
  public static final ApiResource PERSISTENT_VOLUMES =
      cluster("v1", "persistentvolumes", "PersistentVolume");
  public static final ApiResource PODS = namespaced("v1", "pods", "Pod");
  public static final ApiResource POD_DISRUPTION_BUDGETS =
      namespaced("policy/v1", "poddisruptionbudgets", "PodDisruptionBudget");
  public static final ApiResource PRIORITY_CLASSES =
      cluster("scheduling.k8s.io/v1", "priorityclasses", "PriorityClass");
  public static final ApiResource REPLICA_SETS = namespaced("apps/v1", "replicasets", "ReplicaSet");
  public static final ApiResource REPLICATION_CONTROLLERS =
      namespaced("v1", "replicationcontrollers", "ReplicationController");
  public static final ApiResource RESOURCE_CLAIMS =
      namespaced("resource.k8s.io/v1", "resourceclaims", "ResourceClaim");
  public static final ApiResource RESOURCE_CLAIM_TEMPLATES =
      namespaced("resource.k8s.io/v1", "resourceclaimtemplates", "ResourceClaimTemplate");
  public static final ApiResource RESOURCE_SLICES =
      cluster("resource.k8s.io/v1", "resourceslices", "ResourceSlice");
  public static final ApiResource SECRETS = namespaced("v1", "secrets", "Secret");
  public static final ApiResource SERVICE_ACCOUNTS =
      namespaced("v1", "serviceaccounts", "ServiceAccount");
  public static final ApiResource SERVICE_CIDRS =
      cluster("networking.k8s.io/v1", "servicecidrs", "ServiceCIDR");
  public static final ApiResource SERVICES = namespaced("v1", "services", "Service");
  public static final ApiResource STATEFUL_SETS =
      namespaced("apps/v1", "statefulsets", "StatefulSet");
  public static final ApiResource VOLUME_ATTACHMENTS =
      cluster("storage.k8s.io/v1", "volumeattachments", "VolumeAttachment");

  /// As an object's `apiVersion`.
  public String apiVersion() {
    return groupVersion.toString();
  }

  /// The path of the collection, or of one namespace's part of it.
  ///
  /// @param namespace empty for all namespaces
  public String path(String namespace) {
    return namespace.isEmpty()
        ? groupVersion.path() + "/" + plural
        : groupVersion.path() + "/namespaces/" + namespace + "/" + plural;
  }

  /// `deployments.apps`, or `pods` in the core group.
  @Override
  public String toString() {
    return groupVersion.group().isEmpty() ? plural : plural + "." + groupVersion.group();
  }
}
