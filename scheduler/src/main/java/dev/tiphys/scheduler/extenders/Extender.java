package dev.tiphys.scheduler.extenders;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.config.ExtenderConfiguration;
import dev.tiphys.scheduler.plugins.preemption.VictimAdviser.NodeVictims;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// One extender.
///
/// Threads: any. Requests wait for the answer.
final class Extender {

  /// What its scores have to be multiplied with: they go up to 10, those of plugins up to 100.
  private static final long SCALE = 10;

  private final ExtenderConfiguration configuration;
  private final Transport transport;

  Extender(ExtenderConfiguration configuration, Transport transport) {
    this.configuration = configuration;
    this.transport = transport;
  }

  /// What became of the nodes of a request.
  ///
  /// @param left the names of those that will do
  /// @param failed why others will not
  /// @param unresolvable why others will not, whichever Pods are taken off them
  record Filtered(
      List<String> left, Map<String, String> failed, Map<String, String> unresolvable) {}

  boolean isIgnorable() {
    return configuration.ignorable();
  }

  boolean filters() {
    return !configuration.filterVerb().isEmpty();
  }

  boolean prioritizes() {
    return !configuration.prioritizeVerb().isEmpty();
  }

  boolean binds() {
    return !configuration.bindVerb().isEmpty();
  }

  boolean preempts() {
    return !configuration.preemptVerb().isEmpty();
  }

  /// Whether a Pod asks for something that the extender manages.
  boolean isInterestedIn(PodInfo pod) {
    return configuration.resources().isEmpty()
        || Stream.of("containers", "initContainers")
            .flatMap(field -> pod.object().structs("spec", field).stream())
            .anyMatch(this::asksForManaged);
  }

  private boolean asksForManaged(Struct container) {
    return configuration.resources().stream()
        .anyMatch(
            each ->
                container.has("resources", "requests", each.name())
                    || container.has("resources", "limits", each.name()));
  }

  /// @param nodes whole nodes
  Filtered filter(PodInfo pod, List<Struct> nodes) throws InterruptedException {
    Answer answer = Answer.of(post(configuration.filterVerb(), arguments(pod, nodes)));
    fail(answer.string("Error"));
    return new Filtered(
        left(answer, nodes),
        reasons(answer.object("FailedNodes")),
        reasons(answer.object("FailedAndUnresolvableNodes")));
  }

  private List<String> left(Answer answer, List<Struct> nodes) {
    List<String> left = new ArrayList<>();
    List<?> names = configuration.knowsNodes() ? answer.list("NodeNames") : null;
    if (names != null) {
      for (Object name : names) {
        if (nodes.stream().noneMatch(node -> name(node).equals(name))) {
          throw new ExtenderException(
              "extender \""
                  + configuration.urlPrefix()
                  + "\" claims a filtered node \""
                  + name
                  + "\" which is not found in the input node list");
        }
        left.add(String.valueOf(name));
      }
      return left;
    }
    List<?> items = answer.object("Nodes").list("items");
    for (Object item : items == null ? List.of() : items) {
      left.add(Answer.of(item).object("metadata").string("name"));
    }
    return left;
  }

  private static Map<String, String> reasons(Answer failed) {
    Map<String, String> reasons = new HashMap<>();
    for (String node : failed.struct().names()) {
      reasons.put(node, failed.struct().string(node));
    }
    return reasons;
  }

  /// What it likes nodes for, by their names.
  Map<String, Long> prioritize(PodInfo pod, List<Struct> nodes) throws InterruptedException {
    Object answer = post(configuration.prioritizeVerb(), arguments(pod, nodes));
    Map<String, Long> scores = new HashMap<>();
    for (Object each : answer instanceof List<?> list ? list : List.of()) {
      Answer priority = Answer.of(each);
      scores.put(
          priority.string("Host"), priority.integer("Score") * configuration.weight() * SCALE);
    }
    return scores;
  }

  /// What is left of the candidates for a Pod that others are to leave for.
  List<NodeVictims> preempt(PodInfo pod, List<NodeVictims> candidates) throws InterruptedException {
    StructBuilder byNode = new StructBuilder();
    candidates.forEach(each -> byNode.add(each.node(), victims(each)));
    boolean names = configuration.knowsNodes();
    Struct arguments =
        new StructBuilder()
            .add("Pod", pod.object())
            .add(names ? "NodeNameToMetaVictims" : "NodeNameToVictims", byNode.build())
            .build();
    Answer answer = Answer.of(post(configuration.preemptVerb(), arguments));
    Struct left = answer.object("NodeNameToMetaVictims").struct();
    List<NodeVictims> result = new ArrayList<>();
    for (NodeVictims each : candidates) {
      if (left.get(each.node()) instanceof Struct named) {
        result.add(named(each, Answer.of(named)));
      }
    }
    return result;
  }

  private Struct victims(NodeVictims each) {
    List<Struct> pods =
        each.victims().values().stream()
            .map(
                victim ->
                    configuration.knowsNodes() ? Struct.of("UID", victim.uid()) : victim.object())
            .toList();
    return Struct.of("Pods", pods, "NumPDBViolations", each.violations());
  }

  /// The victims that an answer names.
  private NodeVictims named(NodeVictims candidate, Answer answer) {
    Map<String, PodInfo> victims = new LinkedHashMap<>();
    List<?> pods = answer.list("Pods");
    for (Object each : pods == null ? List.of() : pods) {
      String uid = Answer.of(each).string("UID");
      PodInfo victim = candidate.victims().get(uid);
      if (victim == null) {
        throw new ExtenderException(
            "extender: "
                + configuration.urlPrefix()
                + " claims to preempt pod (UID: "
                + uid
                + ") on node: "
                + candidate.node()
                + ", but the pod is not found on that node");
      }
      victims.put(uid, victim);
    }
    return new NodeVictims(candidate.node(), victims, answer.integer("NumPDBViolations"));
  }

  void bind(PodInfo pod, String node) throws InterruptedException {
    Struct arguments =
        new StructBuilder()
            .add("PodName", pod.key().name())
            .add("PodNamespace", pod.key().namespace())
            .add("PodUID", pod.uid())
            .add("Node", node)
            .build();
    fail(Answer.of(post(configuration.bindVerb(), arguments)).string("Error"));
  }

  private Struct arguments(PodInfo pod, List<Struct> nodes) {
    StructBuilder arguments = new StructBuilder().add("Pod", pod.object());
    if (configuration.knowsNodes()) {
      arguments
          .add("Nodes", Null.NULL)
          .add("NodeNames", nodes.stream().map(Extender::name).toList());
    } else {
      arguments
          .add("Nodes", Struct.of("metadata", Struct.EMPTY, "items", nodes))
          .add("NodeNames", Null.NULL);
    }
    return arguments.build();
  }

  private static String name(Struct node) {
    return node.string("metadata", "name");
  }

  private static void fail(String error) {
    if (!error.isEmpty()) {
      throw new ExtenderException(error);
    }
  }

  private Object post(String verb, Struct arguments) throws InterruptedException {
    String prefix = configuration.urlPrefix().replaceAll("/+$", "");
    String url = prefix + "/" + verb;
    try {
      return transport.post(url, arguments, configuration.timeout());
    } catch (IOException e) {
      throw new ExtenderException("Post \"" + url + "\": " + e.getMessage());
    }
  }
}
