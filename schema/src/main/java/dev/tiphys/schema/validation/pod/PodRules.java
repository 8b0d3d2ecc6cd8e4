package dev.tiphys.schema.validation.pod;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.MetaRules;
import dev.tiphys.schema.validation.SelectorRules;
import java.util.List;

/// Rules for Pods, and for the templates that other kinds make Pods from.
public final class PodRules {

  static final String MIRROR = "kubernetes.io/config.mirror";

  private PodRules() {}

  public static void create(FieldValue pod) {
    podAndSpec(pod);
    FieldValue spec = pod.at("spec");
    if (!spec.at("ephemeralContainers").isEmpty()) {
      spec.at("ephemeralContainers").forbidden("cannot be set on create");
    }
    if (!spec.at("nodeName").isEmpty() && !spec.at("schedulingGates").isEmpty()) {
      spec.at("nodeName").forbidden("cannot be set until all schedulingGates have been cleared");
    }
    PodAnnotationRules.matchFields(pod);
  }

  /// What holds for a Pod whenever it is written, but for its metadata.
  static void podAndSpec(FieldValue pod) {
    Struct metadata = pod.struct().struct("metadata");
    FieldValue spec = pod.at("spec");
    PodAnnotationRules.annotations(pod);
    PodSpecRules.spec(spec, new PodContext(true, spec.struct()), metadata);
    if (spec.at("serviceAccountName").isEmpty()) {
      noTokens(spec.at("volumes"));
    }
    spec.at("containers").items().forEach(ContainerRules::imageWithoutBlanks);
    spec.at("initContainers").items().forEach(ContainerRules::imageWithoutBlanks);
  }

  private static void noTokens(FieldValue volumes) {
    for (FieldValue volume : volumes.items()) {
      for (FieldValue source : volume.at("projected", "sources").items()) {
        source
            .at("serviceAccountToken")
            .mustNotBeSet("must not be specified when serviceAccountName is not set");
      }
    }
  }

  public static void podTemplate(FieldValue object) {
    template(object.at("template"));
  }

  /// What holds for a template of Pods.
  public static void template(FieldValue template) {
    templateMetadata(template);
    FieldValue spec = template.at("spec");
    PodSpecRules.spec(spec, new PodContext(false, spec.struct()), Struct.EMPTY);
    PodAnnotationRules.matchFields(template);
    if (!spec.at("ephemeralContainers").isEmpty()) {
      spec.at("ephemeralContainers").forbidden("ephemeral containers not allowed in pod template");
    }
  }

  /// Upstream's paths leave out that labels and annotations are metadata.
  public static void templateMetadata(FieldValue template) {
    FieldValue metadata = template.at("metadata");
    SelectorRules.labels(template.at("labels").holding(metadata.at("labels").value()));
    MetaRules.annotations(template.at("annotations").holding(metadata.at("annotations").value()));
    PodAnnotationRules.annotations(template);
  }

  /// A Pod is bound to a node, and to nothing else.
  public static void binding(FieldValue binding) {
    FieldValue target = binding.at("target");
    if (!target.at("kind").isEmpty()) {
      target.at("kind").mustBeOneOf(List.of("Node", "<empty>"));
    }
    target.at("name").mustBeSet();
  }
}
