package dev.tiphys.apiserver.table;

import static java.util.Map.entry;

import dev.tiphys.descriptions.Descriptions;
import dev.tiphys.schema.Field;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.Schema;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.TypeTable;
import dev.tiphys.schema.structural.StructuralSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the columns of tables show. A column that shows a field is described as the field is; the
/// others have words of their own.
final class ColumnDescriptions {

  private static final Pattern PATH = Pattern.compile("[a-zA-Z]+(\\.[a-zA-Z0-9]+)*(?!\\w*\\()");

  private static final Map<String, String> OWN =
      Map.ofEntries(
          entry("apiService.available", "Whether the service behind the group answers."),
          entry("apiService.service", "The service behind the group; Local for the server itself."),
          entry("autoscaler.reference", "What is scaled."),
          entry("autoscaler.targets", "The present and the wanted value of each metric."),
          entry("binding.role", "The role that is given."),
          entry("binding.subjects", "The subjects of this sort that the role is given to."),
          entry(
              "certificate.condition",
              "What was decided of the request, and whether it was issued."),
          entry(
              "claim.state", "Whether devices were allocated, and whether the claim is reserved."),
          entry("component.error", "The error that the last check ended with."),
          entry("component.message", "What the last check found."),
          entry("component.status", "Whether the component is healthy."),
          entry("driver.audiences", "The audiences of the tokens that the driver asks for."),
          entry("endpoints.addresses", "The first addresses and ports that are ready."),
          entry("endpointSlice.addresses", "The first addresses of the slice."),
          entry("endpointSlice.ports", "The first ports of the slice."),
          entry("event.count", "How often this happened."),
          entry("event.firstSeen", "How long ago this happened for the first time."),
          entry("event.lastSeen", "How long ago this happened for the last time."),
          entry("event.message", "What happened, for people."),
          entry("event.object", "What this happened to."),
          entry("event.source", "What reported it, and where that runs."),
          entry("ingress.hosts", "The hosts that requests are taken for."),
          entry("ingress.ports", "The ports that requests are taken at."),
          entry(
              "ingressClass.parameters",
              "The object with further configuration for the controller."),
          entry("ipAddress.parent", "The object that the address was given to."),
          entry("job.completions", "How many Pods have succeeded, of how many that are to."),
          entry("job.duration", "How long the Job ran, or has run so far."),
          entry("job.status", "Whether the Job runs, is suspended, has succeeded or has failed."),
          entry("node.address", "The first address of this sort."),
          entry("node.roles", "The roles that labels give the node."),
          entry("node.status", "Whether the node is ready, and whether it takes new Pods."),
          entry("owner.controller", "The object that controls this one."),
          entry("pod.readinessGates", "How many readiness gates hold, of how many."),
          entry("pod.ready", "How many containers are ready, of how many."),
          entry("pod.restarts", "How often containers were started again, and when last."),
          entry(
              "pod.status",
              "In which part of its life the Pod is, or what keeps it from the next."),
          entry("podGroup.policy", "How the Pods of the group are scheduled."),
          entry("podGroup.status", "What became of the group when it was scheduled."),
          entry("policy.paramKind", "The kind of the policy's parameters."),
          entry("policy.paramRef", "The parameters that the policy is bound with."),
          entry("quota.limits", "What is used of the limits, and what may be."),
          entry("quota.requests", "What is used, and what may be."),
          entry(
              "service.externalIP", "The addresses at which the Service is reached from outside."),
          entry("service.ports", "The ports of the Service, with their node ports."),
          entry(
              "storageClass.name", "The name of the class, with a mark if it is the default one."),
          entry("volume.claim", "The claim that the volume is bound to."),
          entry("volume.claimCapacity", "How large the volume is."),
          entry("volume.status", "Whether the volume is free, bound or released."),
          entry("volume.storageClass", "The storage class that the volume is of."));

  /// What all custom objects have.
  private static final Type OBJECT =
      TypeTable.BUILT_IN.type("io.k8s.apimachinery.pkg.apis.meta.v1.PartialObjectMetadata");

  private ColumnDescriptions() {}

  /// The descriptions of a resource's columns, in their order.
  static List<String> of(Resource resource) {
    Descriptions known = Descriptions.load();
    List<String> texts = new ArrayList<>();
    for (Resource.Column column : resource.columns()) {
      texts.add(of(column, resource.schema(), known));
    }
    return List.copyOf(texts);
  }

  private static String of(Resource.Column column, Schema schema, Descriptions known) {
    if (!column.description().isEmpty()) {
      return column.description();
    }
    String cell = column.cell();
    String function = cell.replaceAll("[ (|].*", "");
    String own = OWN.get(function);
    if (own != null) {
      return own;
    }
    Matcher path = PATH.matcher(cell.replaceFirst(" \\|.*", ""));
    while (path.find()) {
      String text = ofField(path.group().split("\\."), schema, known);
      if (!text.isEmpty()) {
        return text;
      }
    }
    return column.name() + " of the object.";
  }

  /// The description of the last field on a path that the types know.
  private static String ofField(String[] path, Schema schema, Descriptions known) {
    @Nullable Type owner =
        switch (schema) {
          case Type type -> type;
          case StructuralSchema _ -> OBJECT;
        };
    String text = "";
    for (String name : path) {
      Field field = owner == null ? null : owner.fieldNamed(name);
      if (owner != null && field != null) {
        text = known.ofField(owner.name(), name);
        owner = field.content();
      }
    }
    return text;
  }
}
