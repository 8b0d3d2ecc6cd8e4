package dev.tiphys.delivery.workload;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.delivery.model.Labels;
import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.schema.GroupVersion;
import org.jspecify.annotations.Nullable;

/// The template and selector of the workload that a Rollout refers to.
///
/// @param target the workload; null if it is gone or of a kind that has no template
/// @param rollout the Rollout with the template and selector of the workload
public record WorkloadTemplate(@Nullable Struct target, Rollout rollout) {

  private static final ApiResource POD_TEMPLATES =
      new ApiResource(GroupVersion.parse("v1"), "podtemplates", "PodTemplate", true);

  /// Looks it up. A Rollout that refers to none is returned as it is.
  public static WorkloadTemplate of(Api api, Rollout rollout) {
    Struct reference = rollout.workloadRef();
    ApiResource resource = resource(reference.string("kind"));
    Struct target =
        resource == null ? null : api.find(resource, rollout.namespace(), reference.string("name"));
    if (target == null) {
      return new WorkloadTemplate(null, rollout);
    }
    boolean bare = resource == POD_TEMPLATES;
    Struct template = bare ? target.struct("template") : target.struct("spec", "template");
    Struct selector = rollout.spec().struct("selector");
    if (selector.isEmpty()) {
      selector =
          bare
              ? Struct.of("matchLabels", template.struct("metadata", "labels"))
              : target.struct("spec", "selector");
    }
    String generation = Long.toString(Meta.of(target).generation());
    Struct object =
        Meta.withAnnotation(rollout.object(), Labels.WORKLOAD_GENERATION, generation)
            .withAt(template, "spec", "template")
            .withAt(selector, "spec", "selector");
    return new WorkloadTemplate(target, new Rollout(object));
  }

  /// The resource of a kind of workload; null if a Rollout can't refer to it.
  public static @Nullable ApiResource resource(String kind) {
    return switch (kind) {
      case "Deployment" -> ApiResource.DEPLOYMENTS;
      case "ReplicaSet" -> ApiResource.REPLICA_SETS;
      case "PodTemplate" -> POD_TEMPLATES;
      default -> null;
    };
  }
}
