package dev.tiphys.scheduler.evaluation;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/// Decides the plain way: looks at every node and every Pod for every Pod, as the objects are
/// written down, with nothing kept. What the fast way is held against.
///
/// It knows the fields that [OracleTest] uses.
final class PlainScheduler {

  private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
  private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
  private static final String HOST = "kubernetes.io/hostname";

  private final List<Struct> nodes;
  private final List<Struct> pods;
  private final Map<String, Struct> namespaces;

  /// @param pods those that are on nodes
  /// @param namespaces the labels of each
  PlainScheduler(List<Struct> nodes, List<Struct> pods, Map<String, Struct> namespaces) {
    this.nodes = nodes;
    this.pods = pods;
    this.namespaces = namespaces;
  }

  /// Why each node will not do; empty if it will.
  Map<String, String> verdicts(Struct pod) {
    Map<String, String> verdicts = new TreeMap<>();
    nodes.forEach(node -> verdicts.put(name(node), verdict(pod, node)));
    return verdicts;
  }

  /// The scores of the nodes that will do.
  Map<String, Long> scores(Struct pod) {
    List<Struct> feasible = nodes.stream().filter(node -> verdict(pod, node).isEmpty()).toList();
    Map<String, Long> total = new LinkedHashMap<>();
    feasible.forEach(node -> total.put(name(node), leastAllocated(pod, node) + balance(pod, node)));
    add(total, 3, reversed(proportional(feasible, node -> disliked(pod, node))));
    add(total, 2, proportional(feasible, node -> preference(pod, node)));
    add(total, 2, spread(pod, feasible));
    add(total, 2, affinity(pod, feasible));
    return total;
  }

  private static void add(Map<String, Long> total, long weight, Map<String, Long> scores) {
    scores.forEach((node, score) -> total.merge(node, weight * score, Long::sum));
  }

  private static String name(Struct object) {
    return object.string("metadata", "name");
  }

  private static Struct labels(Struct object) {
    return object.struct("metadata", "labels");
  }

  private List<Struct> podsOf(Struct node) {
    return pods.stream().filter(pod -> pod.string("spec", "nodeName").equals(name(node))).toList();
  }

  private String verdict(Struct pod, Struct node) {
    if (node.bool("spec", "unschedulable")) {
      return "node(s) were unschedulable";
    }
    if (taints(node).anyMatch(taint -> repels(taint) && !tolerated(pod, taint))) {
      return "node(s) had untolerated taint(s)";
    }
    if (!selected(pod, node)) {
      return "node(s) didn't match Pod's node affinity/selector";
    }
    if (podsOf(node).stream()
        .anyMatch(other -> hostPort(other) != 0 && hostPort(other) == hostPort(pod))) {
      return "node(s) didn't have free ports for the requested pod ports";
    }
    String lack = lack(pod, node);
    if (!lack.isEmpty()) {
      return lack;
    }
    String crowded = crowded(pod, node);
    return crowded.isEmpty() ? unwanted(pod, node) : crowded;
  }

  private static Stream<Struct> taints(Struct node) {
    return node.structs("spec", "taints").stream();
  }

  private static boolean repels(Struct taint) {
    return !taint.string("effect").equals("PreferNoSchedule");
  }

  private static boolean tolerated(Struct pod, Struct taint) {
    return pod.structs("spec", "tolerations").stream()
        .anyMatch(toleration -> toleration.string("key").equals(taint.string("key")));
  }

  private static boolean selected(Struct pod, Struct node) {
    Struct selector = pod.struct("spec", "nodeSelector");
    for (String key : selector.names()) {
      if (!selector.string(key).equals(labels(node).string(key))) {
        return false;
      }
    }
    Struct required = pod.struct("spec", "affinity", "nodeAffinity", REQUIRED);
    return required.isEmpty()
        || required.structs("nodeSelectorTerms").stream().anyMatch(term -> holds(term, node));
  }

  private static boolean holds(Struct term, Struct node) {
    return term.structs("matchExpressions").stream()
        .allMatch(
            expression -> {
              String value = labels(node).string(expression.string("key"));
              boolean in = expression.strings("values").contains(value);
              return expression.string("operator").equals("In") ? in : !in;
            });
  }

  private static long hostPort(Struct pod) {
    return pod.structs("spec", "containers").stream()
        .flatMap(container -> container.structs("ports").stream())
        .mapToLong(port -> port.integer("hostPort"))
        .findFirst()
        .orElse(0);
  }

  private static long request(Struct pod, String resource, long otherwise) {
    long sum = 0;
    for (Struct container : pod.structs("spec", "containers")) {
      Object amount = container.get("resources", "requests", resource);
      sum += amount == null ? otherwise : amount(amount, resource);
    }
    return sum;
  }

  private static long amount(Object amount, String resource) {
    Quantity quantity = Quantity.from(amount);
    return resource.equals("cpu") ? quantity.milli() : quantity.units();
  }

  private static long all(Struct node, String resource) {
    Object amount = node.get("status", "allocatable", resource);
    return amount == null ? 0 : amount(amount, resource);
  }

  private long taken(Struct node, String resource, long otherwise) {
    return podsOf(node).stream().mapToLong(pod -> request(pod, resource, otherwise)).sum();
  }

  private String lack(Struct pod, Struct node) {
    List<String> lacks = new ArrayList<>();
    if (podsOf(node).size() >= all(node, "pods")) {
      lacks.add("Too many pods");
    }
    for (String resource : List.of("cpu", "memory", "a.example/gpu")) {
      long wanted = request(pod, resource, 0);
      if (wanted > 0 && wanted > all(node, resource) - taken(node, resource, 0)) {
        lacks.add("Insufficient " + resource);
      }
    }
    return String.join(", ", lacks);
  }

  private static boolean matches(Struct selector, Struct pod) {
    Struct wanted = selector.struct("matchLabels");
    return wanted.names().stream()
        .allMatch(key -> wanted.string(key).equals(labels(pod).string(key)));
  }

  private static List<Struct> constraints(Struct pod, String when) {
    return pod.structs("spec", "topologySpreadConstraints").stream()
        .filter(constraint -> constraint.string("whenUnsatisfiable").equals(when))
        .toList();
  }

  private static boolean hasKeys(Struct node, List<Struct> constraints) {
    return constraints.stream()
        .allMatch(constraint -> labels(node).has(constraint.string("topologyKey")));
  }

  private static boolean counts(Struct pod, Struct node, Struct constraint) {
    boolean affinity =
        constraint.string("nodeAffinityPolicy").equals("Ignore") || selected(pod, node);
    boolean tolerates =
        !constraint.string("nodeTaintsPolicy").equals("Honor")
            || taints(node).noneMatch(taint -> repels(taint) && !tolerated(pod, taint));
    return affinity && tolerates;
  }

  /// By value of the key: how many Pods of the constraint there are.
  private Map<String, Long> domains(Struct pod, Struct constraint, Predicate<Struct> counting) {
    Map<String, Long> domains = new HashMap<>();
    for (Struct node : nodes) {
      if (counting.test(node) && counts(pod, node, constraint)) {
        String value = labels(node).string(constraint.string("topologyKey"));
        domains.merge(value, matching(pod, constraint, node), Long::sum);
      }
    }
    return domains;
  }

  private long matching(Struct pod, Struct constraint, Struct node) {
    return podsOf(node).stream()
        .filter(
            other ->
                namespace(other).equals(namespace(pod))
                    && matches(constraint.struct("labelSelector"), other))
        .count();
  }

  private static String namespace(Struct pod) {
    return pod.string("metadata", "namespace");
  }

  private String crowded(Struct pod, Struct node) {
    List<Struct> required = constraints(pod, "DoNotSchedule");
    for (Struct constraint : required) {
      String key = constraint.string("topologyKey");
      String reason = "node(s) didn't match pod topology spread constraints";
      if (!labels(node).has(key)) {
        return reason + " (missing required label)";
      }
      Map<String, Long> domains = domains(pod, constraint, each -> hasKeys(each, required));
      long least = domains.values().stream().mapToLong(Long::longValue).min().orElse(0);
      least = domains.size() < Math.max(1, constraint.integer("minDomains")) ? 0 : least;
      long self = matches(constraint.struct("labelSelector"), pod) ? 1 : 0;
      long there = domains.getOrDefault(labels(node).string(key), 0L);
      if (there + self - least > constraint.integer("maxSkew")) {
        return reason;
      }
    }
    return "";
  }

  private static List<Struct> terms(Struct pod, String kind) {
    return pod.struct("spec", "affinity", kind).structs(REQUIRED);
  }

  private boolean meets(Struct term, Struct owner, Struct other) {
    Set<String> named = new HashSet<>(term.strings("namespaces"));
    boolean selects = term.has("namespaceSelector");
    if (named.isEmpty() && !selects) {
      named.add(namespace(owner));
    }
    Struct wanted = term.struct("namespaceSelector", "matchLabels");
    Struct ofNamespace = namespaces.getOrDefault(namespace(other), Struct.EMPTY);
    boolean selected =
        selects
            && wanted.names().stream()
                .allMatch(key -> wanted.string(key).equals(ofNamespace.string(key)));
    return (selected || named.contains(namespace(other)))
        && matches(term.struct("labelSelector"), other);
  }

  private static boolean near(Struct one, Struct other, String key) {
    return labels(one).has(key) && labels(one).string(key).equals(labels(other).string(key));
  }

  private boolean anyNear(Struct node, String key, Predicate<Struct> condition) {
    return nodes.stream()
        .filter(other -> near(node, other, key))
        .flatMap(other -> podsOf(other).stream())
        .anyMatch(condition);
  }

  private String unwanted(Struct pod, Struct node) {
    List<Struct> near = terms(pod, "podAffinity");
    Predicate<Struct> meetsAll = other -> near.stream().allMatch(term -> meets(term, pod, other));
    boolean keys = near.stream().allMatch(term -> labels(node).has(term.string("topologyKey")));
    boolean all =
        near.stream().allMatch(term -> anyNear(node, term.string("topologyKey"), meetsAll));
    boolean first =
        nodes.stream()
                .filter(
                    each ->
                        near.stream()
                            .anyMatch(term -> labels(each).has(term.string("topologyKey"))))
                .flatMap(each -> podsOf(each).stream())
                .noneMatch(meetsAll)
            && meetsAll.test(pod);
    if (!keys || !(all || first)) {
      return "node(s) didn't match pod affinity rules";
    }
    for (Struct term : terms(pod, "podAntiAffinity")) {
      if (anyNear(node, term.string("topologyKey"), other -> meets(term, pod, other))) {
        return "node(s) didn't match pod anti-affinity rules";
      }
    }
    for (Struct other : nodes) {
      for (Struct neighbour : podsOf(other)) {
        for (Struct term : terms(neighbour, "podAntiAffinity")) {
          if (near(node, other, term.string("topologyKey")) && meets(term, neighbour, pod)) {
            return "node(s) didn't satisfy existing pods anti-affinity rules";
          }
        }
      }
    }
    return "";
  }

  private long leastAllocated(Struct pod, Struct node) {
    long cpu = taken(node, "cpu", 100) + request(pod, "cpu", 100);
    long memory = taken(node, "memory", 200L << 20) + request(pod, "memory", 200L << 20);
    return (free(cpu, all(node, "cpu")) + free(memory, all(node, "memory"))) / 2;
  }

  private static long free(long taken, long all) {
    return taken > all ? 0 : (all - taken) * 100 / all;
  }

  private long balance(Struct pod, Struct node) {
    long cpu = request(pod, "cpu", 0);
    long memory = request(pod, "memory", 0);
    if (cpu == 0 && memory == 0) {
      return 0;
    }
    long before = balance(node, 0, 0);
    return 50 + (50 + balance(node, cpu, memory) - before) / 2;
  }

  private long balance(Struct node, long cpu, long memory) {
    double one = Math.min(1, (double) (taken(node, "cpu", 0) + cpu) / all(node, "cpu"));
    double other = Math.min(1, (double) (taken(node, "memory", 0) + memory) / all(node, "memory"));
    return (long) ((1 - Math.abs(one - other) / 2) * 100);
  }

  private static long disliked(Struct pod, Struct node) {
    return taints(node).filter(taint -> !repels(taint) && !tolerated(pod, taint)).count();
  }

  private static long preference(Struct pod, Struct node) {
    return pod.struct("spec", "affinity", "nodeAffinity").structs(PREFERRED).stream()
        .filter(wish -> holds(wish.struct("preference"), node))
        .mapToLong(wish -> wish.integer("weight"))
        .sum();
  }

  private static Map<String, Long> proportional(List<Struct> nodes, ToLongFunction<Struct> score) {
    long max = nodes.stream().mapToLong(score).max().orElse(0);
    Map<String, Long> scores = new HashMap<>();
    nodes.forEach(
        node -> scores.put(name(node), max == 0 ? 0 : score.applyAsLong(node) * 100 / max));
    return scores;
  }

  private static Map<String, Long> reversed(Map<String, Long> scores) {
    scores.replaceAll((_, score) -> 100 - score);
    return scores;
  }

  private Map<String, Long> spread(Struct pod, List<Struct> feasible) {
    List<Struct> wished = constraints(pod, "ScheduleAnyway");
    List<Struct> scored = feasible.stream().filter(node -> hasKeys(node, wished)).toList();
    Map<String, Long> scores = new HashMap<>();
    if (wished.isEmpty() || scored.isEmpty()) {
      return scores;
    }
    Map<String, Long> crowds = new HashMap<>();
    for (Struct node : scored) {
      double crowd = 0;
      for (Struct constraint : wished) {
        String key = constraint.string("topologyKey");
        Map<String, Long> domains = domains(pod, constraint, each -> hasKeys(each, wished));
        long size =
            key.equals(HOST)
                ? scored.size()
                : scored.stream().map(each -> labels(each).string(key)).distinct().count();
        long count =
            key.equals(HOST)
                ? counts(pod, node, constraint) ? matching(pod, constraint, node) : 0
                : domains.getOrDefault(labels(node).string(key), 0L);
        crowd += count * Math.log(size + 2) + (constraint.integer("maxSkew") - 1);
      }
      crowds.put(name(node), Math.round(crowd));
    }
    long max = crowds.values().stream().mapToLong(Long::longValue).max().orElse(0);
    long min = crowds.values().stream().mapToLong(Long::longValue).min().orElse(0);
    feasible.forEach(node -> scores.put(name(node), 0L));
    crowds.forEach(
        (node, crowd) -> scores.put(node, max == 0 ? 100 : 100 * (max + min - crowd) / max));
    return scores;
  }

  private Map<String, Long> affinity(Struct pod, List<Struct> feasible) {
    Map<String, Long> sums = new HashMap<>();
    for (Struct node : feasible) {
      long sum = 0;
      for (Struct other : nodes) {
        for (Struct neighbour : podsOf(other)) {
          sum += wishes(pod, neighbour, node, other);
          sum += wishes(neighbour, pod, node, other);
          for (Struct term : terms(neighbour, "podAffinity")) {
            sum +=
                near(node, other, term.string("topologyKey")) && meets(term, neighbour, pod)
                    ? 1
                    : 0;
          }
        }
      }
      sums.put(name(node), sum);
    }
    long max = sums.values().stream().mapToLong(Long::longValue).max().orElse(0);
    long min = sums.values().stream().mapToLong(Long::longValue).min().orElse(0);
    sums.replaceAll((_, sum) -> max == min ? 0 : 100 * (sum - min) / (max - min));
    return sums;
  }

  private long wishes(Struct owner, Struct other, Struct node, Struct place) {
    long sum = 0;
    for (String kind : List.of("podAffinity", "podAntiAffinity")) {
      for (Struct wish : owner.struct("spec", "affinity", kind).structs(PREFERRED)) {
        Struct term = wish.struct("podAffinityTerm");
        if (near(node, place, term.string("topologyKey")) && meets(term, owner, other)) {
          sum += (kind.equals("podAffinity") ? 1 : -1) * wish.integer("weight");
        }
      }
    }
    return sum;
  }
}
