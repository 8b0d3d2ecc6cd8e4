package dev.tiphys.schema.defaults;

import static java.util.Map.entry;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.structural.StructuralSchema;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Completes a normalized object with the defaults that its other fields imply.
///
/// Applied after every decoding of the kind, be it from a client or from the store, so that an old
/// object read today looks like one written today. What only happens once, on creation (status,
/// generation, allocated addresses), is the registry's affair.
///
/// Applying twice changes nothing more; an object that is complete is returned as it is.
///
/// Threads: any.
public final class Defaults {

  /// The rules by the full name of the kind's type, since versions of a kind may differ.
  private static final Map<String, UnaryOperator<Struct>> BY_TYPE =
      Map.ofEntries(
          entry("io.k8s.api.core.v1.Pod", PodDefaults::pod),
          entry("io.k8s.api.core.v1.PodTemplate", PodDefaults::podTemplate),
          entry("io.k8s.api.core.v1.ReplicationController", WorkloadDefaults::controller),
          entry("io.k8s.api.core.v1.Service", ServiceDefaults::service),
          entry("io.k8s.api.core.v1.Secret", CoreDefaults::secret),
          entry("io.k8s.api.core.v1.Namespace", CoreDefaults::namespace),
          entry("io.k8s.api.core.v1.Node", CoreDefaults::node),
          entry("io.k8s.api.core.v1.LimitRange", CoreDefaults::limitRange),
          entry("io.k8s.api.apps.v1.Deployment", WorkloadDefaults::deployment),
          entry("io.k8s.api.apps.v1.ReplicaSet", WorkloadDefaults::replicaSet),
          entry("io.k8s.api.apps.v1.StatefulSet", WorkloadDefaults::statefulSet),
          entry("io.k8s.api.apps.v1.DaemonSet", WorkloadDefaults::daemonSet),
          entry("io.k8s.api.batch.v1.Job", JobDefaults::job),
          entry("io.k8s.api.batch.v1.CronJob", JobDefaults::cronJob),
          entry("io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler", AutoscalerDefaults::version1),
          entry("io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler", AutoscalerDefaults::version2),
          entry("io.k8s.api.networking.v1.NetworkPolicy", PolicyDefaults::networkPolicy),
          entry("io.k8s.api.rbac.v1.RoleBinding", PolicyDefaults::binding),
          entry("io.k8s.api.rbac.v1.ClusterRoleBinding", PolicyDefaults::binding),
          entry("io.k8s.api.resource.v1.ResourceClaim", DeviceDefaults::claim),
          entry("io.k8s.api.resource.v1.ResourceClaimTemplate", DeviceDefaults::claimTemplate),
          entry(
              "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition",
              DefinitionDefaults::definition));

  private Defaults() {}

  /// `object` with its defaults.
  ///
  /// @param resource the resource it is an object of
  /// @param object the object, normalized by the resource's schema
  public static Struct apply(Resource resource, Struct object) {
    return switch (resource.schema()) {
      case Type type -> {
        UnaryOperator<Struct> rules = BY_TYPE.get(type.stableName());
        yield rules == null ? object : rules.apply(object);
      }
      case StructuralSchema schema -> schema.complete(object);
    };
  }
}
