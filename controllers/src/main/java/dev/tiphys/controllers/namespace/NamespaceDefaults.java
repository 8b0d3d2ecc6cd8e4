package dev.tiphys.controllers.namespace;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.world.World;

/// The objects that every namespace has from the start. What there is of them is read through an
/// API that all controllers share: those that make them may not look at them.
public final class NamespaceDefaults {

  private static final String DESCRIPTION = "kubernetes.io/description";
  private static final String ABOUT_CERTIFICATES =
      "Contains a CA bundle that can be used to verify the kube-apiserver when using internal"
          + " endpoints such as the internal service IP or kubernetes.default.svc. No other usage"
          + " is guaranteed across distributions of Kubernetes clusters.";

  private NamespaceDefaults() {}

  /// The identity of Pods that name none: the ServiceAccount `default`.
  public static Component serviceAccount(World world, Api api, Api shared, ClusterView cluster) {
    return new PerNamespace(
        world,
        api,
        shared,
        cluster,
        "service-account-controller",
        ApiResource.SERVICE_ACCOUNTS,
        "default",
        account -> account,
        PerNamespace.Observer.NONE);
  }

  /// What Pods verify the API server with: the ConfigMap `kube-root-ca.crt`.
  public static Component rootCertificates(
      World world, Api api, Api shared, ClusterView cluster, PublisherMetrics metrics, String pem) {
    return new PerNamespace(
        world,
        api,
        shared,
        cluster,
        "root-ca-certificate-publisher",
        ApiResource.CONFIG_MAPS,
        "kube-root-ca.crt",
        map ->
            Meta.withAnnotation(
                map.with("data", Struct.of("ca.crt", pem)), DESCRIPTION, ABOUT_CERTIFICATES),
        metrics::looked);
  }
}
