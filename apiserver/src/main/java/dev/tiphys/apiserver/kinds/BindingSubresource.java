package dev.tiphys.apiserver.kinds;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.pods.TopologyLabels;
import dev.tiphys.apiserver.endpoints.Decoding;
import dev.tiphys.apiserver.endpoints.FieldValidation;
import dev.tiphys.apiserver.endpoints.Statuses;
import dev.tiphys.apiserver.endpoints.Subresource;
import dev.tiphys.apiserver.endpoints.Target;
import dev.tiphys.apiserver.registry.Precondition;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.TypeTable;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.List;

/// `pods/binding`: puts a Pod on a node, once.
public final class BindingSubresource implements Subresource {

  private static final GroupVersion VERSION = new GroupVersion("", "v1");
  private static final Type TYPE = TypeTable.BUILT_IN.type("io.k8s.api.core.v1.Binding");

  private final World world;
  private final TopologyLabels topology;

  public BindingSubresource(World world, TopologyLabels topology) {
    this.world = world;
    this.topology = topology;
  }

  @Override
  public Struct create(Call call, Target target, Struct tree, FieldValidation.Findings findings) {
    Admission.Request request = target.admission(call, Admission.Operation.CREATE);
    Admission admission = target.endpoint().registry().admission(call);
    Struct binding =
        admission.mutate(
            request, Decoding.ofKind(call, tree, VERSION, "Binding", TYPE, findings), null);
    if (!binding.string("metadata", "name").equals(target.name())) {
      throw ApiException.badRequest("name in URL does not match name in Binding object");
    }
    Struct node = binding.struct("target");
    if (!node.string("kind").isEmpty() && !node.string("kind").equals("Node")) {
      throw invalid(
          "target.kind: Unsupported value: \""
              + node.string("kind")
              + "\": supported values: \"Node\", \"<empty>\"");
    }
    if (node.string("name").isEmpty()) {
      throw invalid("target.name: Required value");
    }
    admission.validate(request, binding, null);
    target
        .endpoint()
        .registry()
        .place(
            call.admitted(),
            target.namespace(),
            target.name(),
            pod -> bound(pod, binding, node.string("name")));
    return Statuses.created();
  }

  /// Upstream passes these errors on as they are, so they count as its own failure.
  private static ApiException invalid(String text) {
    return ApiException.of(Reason.UNKNOWN, text);
  }

  private Struct bound(Struct pod, Struct binding, String node) {
    Struct metadata = pod.struct("metadata");
    String name = metadata.string("name");
    String uid = binding.string("metadata", "uid");
    if (!uid.isEmpty() && !uid.equals(metadata.string("uid"))) {
      throw ApiException.conflict(
          "pods",
          name,
          Precondition.uid(
              "/registry/pods/" + metadata.string("namespace") + "/" + name,
              uid,
              metadata.string("uid")));
    }
    if (metadata.has("deletionTimestamp")) {
      throw conflict(name, "pod " + name + " is being deleted, cannot be assigned to a host");
    }
    String assigned = pod.string("spec", "nodeName");
    if (!assigned.isEmpty()) {
      throw conflict(name, "pod " + name + " is already assigned to node \"" + assigned + "\"");
    }
    if (!pod.list("spec", "schedulingGates").isEmpty()) {
      throw conflict(name, "pod " + name + " has non-empty .spec.schedulingGates");
    }
    Struct placed =
        pod.withoutAt("metadata", "resourceVersion")
            .withAt(node, "spec", "nodeName")
            .withAt(scheduled(pod), "status", "conditions")
            .withoutAt("status", "nominatedNodeName"); // a hint that has served its purpose
    for (String map : List.of("annotations", "labels")) {
      placed = joined(placed, binding.struct("metadata", map), map);
    }
    return topology.labelled(placed, node);
  }

  /// The Pod with what the Binding adds to its labels or annotations.
  private static Struct joined(Struct pod, Struct more, String map) {
    if (more.isEmpty()) {
      return pod;
    }
    StructBuilder joined = StructBuilder.from(pod.struct("metadata", map));
    more.forEach(joined::add);
    return pod.withAt(joined.build(), "metadata", map);
  }

  private static ApiException conflict(String pod, String cause) {
    return ApiException.conflict("pods/binding", pod, cause);
  }

  /// The Pod's conditions, with the one that says that it was scheduled.
  private List<Object> scheduled(Struct pod) {
    Struct condition =
        new StructBuilder()
            .add("type", "PodScheduled")
            .add("status", "True")
            .add("lastProbeTime", Null.NULL)
            .add("lastTransitionTime", Timestamps.seconds(world.now()))
            .build();
    List<Object> conditions = new ArrayList<>();
    for (Struct other : pod.structs("status", "conditions")) {
      if (!other.string("type").equals("PodScheduled")) {
        conditions.add(other);
      }
    }
    conditions.add(condition);
    return List.copyOf(conditions);
  }
}
