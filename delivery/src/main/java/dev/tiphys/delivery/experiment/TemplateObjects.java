package dev.tiphys.delivery.experiment;

import dev.tiphys.client.ApiResource;
import dev.tiphys.delivery.model.Labels;
import dev.tiphys.delivery.replicasets.TemplateHash;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.List;

/// The ReplicaSet and the Service of one template of an Experiment. Pure.
///
/// @param template one of the Experiment's
record TemplateObjects(Experiment experiment, Struct template) {

  String name() {
    return experiment.meta().name() + "-" + template.string("name");
  }

  /// One without Pods.
  Struct replicaSet() {
    Struct pods = template.struct("template");
    pods =
        pods.withAt(pods.struct("metadata", "labels").without(Labels.HASH), "metadata", "labels");
    String hash = hash(pods);
    pods = pods.withAt(hash, "metadata", "labels", Labels.HASH);
    StructBuilder spec =
        new StructBuilder()
            .add("replicas", 0L)
            .add("selector", template.struct("selector").withAt(hash, "matchLabels", Labels.HASH))
            .add("template", pods);
    if (template.integer("minReadySeconds") > 0) {
      spec.add("minReadySeconds", template.integer("minReadySeconds"));
    }
    return new StructBuilder()
        .add("apiVersion", ApiResource.REPLICA_SETS.apiVersion())
        .add("kind", ApiResource.REPLICA_SETS.kind())
        .add("metadata", metadata(name()).with("labels", pods.struct("metadata", "labels")))
        .add("spec", spec.build())
        .build();
  }

  /// Another one than that of a Rollout's revision with the same template: their Pods must not be
  /// taken for each other.
  private String hash(Struct pods) {
    return TemplateHash.of(
        Struct.of(
            "experiment", experiment.meta().name(), "name", template.string("name"), "pods", pods),
        0);
  }

  private Struct metadata(String name) {
    return new StructBuilder()
        .add("name", name)
        .add("namespace", experiment.meta().namespace())
        .add(
            "annotations",
            Struct.of(
                Experiment.NAME,
                experiment.meta().name(),
                Experiment.TEMPLATE,
                template.string("name")))
        .add("ownerReferences", List.of(experiment.meta().asController()))
        .build();
  }

  /// A Service of the Pods, with the ports of their containers.
  Struct service(Struct replicaSet) {
    List<Struct> ports = new ArrayList<>();
    for (Struct container : template.structs("template", "spec", "containers")) {
      for (Struct port : container.structs("ports")) {
        ports.add(
            new StructBuilder()
                .addUnlessEmpty("name", port.string("name"))
                .addUnlessEmpty("protocol", port.string("protocol"))
                .add("port", port.integer("containerPort"))
                .add("targetPort", port.integer("containerPort"))
                .build());
      }
    }
    String given = template.string("service", "name");
    return new StructBuilder()
        .add("apiVersion", ApiResource.SERVICES.apiVersion())
        .add("kind", ApiResource.SERVICES.kind())
        .add("metadata", metadata(given.isEmpty() ? name() : given))
        .add(
            "spec",
            new StructBuilder()
                .add("selector", replicaSet.struct("metadata", "labels"))
                .add("ports", ports)
                .build())
        .build();
  }
}
