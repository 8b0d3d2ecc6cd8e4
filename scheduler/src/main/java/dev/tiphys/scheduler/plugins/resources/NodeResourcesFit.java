package dev.tiphys.scheduler.plugins.resources;

import static dev.tiphys.scheduler.events.QueueingHint.queueIf;

import dev.tiphys.client.placement.ResourceList;
import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.decisions.Remedy;
import dev.tiphys.scheduler.decisions.RemedyPlugin;
import dev.tiphys.scheduler.events.Action;
import dev.tiphys.scheduler.events.ClusterEvent;
import dev.tiphys.scheduler.events.Interest;
import dev.tiphys.scheduler.events.QueueingHint;
import dev.tiphys.scheduler.events.Resource;
import dev.tiphys.scheduler.framework.EnqueueExtensions;
import dev.tiphys.scheduler.framework.FilterPlugin;
import dev.tiphys.scheduler.framework.ScorePlugin;
import dev.tiphys.scheduler.plugins.Hints;
import dev.tiphys.scheduler.verdict.Filter;
import dev.tiphys.scheduler.verdict.Rejection;
import dev.tiphys.scheduler.verdict.Score;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Keeps the requests of a node's Pods within what it has; likes those best of which the largest
/// share stays free, or as it is configured.
public final class NodeResourcesFit
    implements FilterPlugin, ScorePlugin, EnqueueExtensions, RemedyPlugin {

  private static final String NAME = "NodeResourcesFit";

  private final Set<String> ignored;
  private final Set<String> ignoredGroups;
  private final ScoringStrategy strategy;
  private final Predicate<String> areDevices;

  /// @param arguments a NodeResourcesFitArgs
  /// @param areDevices whether an extended resource stands for devices: then a node that has none
  ///   of it may have such devices
  public NodeResourcesFit(Struct arguments, Predicate<String> areDevices) {
    this.areDevices = areDevices;
    this.ignored = new HashSet<>(arguments.strings("ignoredResources"));
    this.ignoredGroups = new HashSet<>(arguments.strings("ignoredResourceGroups"));
    this.strategy = ScoringStrategy.of(arguments.struct("scoringStrategy"));
  }

  @Override
  public String name() {
    return NAME;
  }

  /// Nodes that lack the same share one rejection: there may be thousands.
  @Override
  public Filter filter(PodTemplate pod) {
    ResourceList wanted = counting(pod.requests());
    Map<Rejection, Rejection> alike = new HashMap<>();
    return node -> {
      Rejection rejection = rejection(wanted, node);
      return rejection == null ? null : alike.computeIfAbsent(rejection, each -> each);
    };
  }

  /// What a node must have itself.
  private ResourceList countedOn(NodeInfo node, ResourceList wanted) {
    ResourceList all = node.facts().allocatable();
    Map<String, Long> others = new HashMap<>(wanted.others());
    boolean devices =
        others.keySet().removeIf(name -> all.other(name) == 0 && areDevices.test(name));
    return devices
        ? new ResourceList(wanted.cpu(), wanted.memory(), wanted.ephemeralStorage(), others)
        : wanted;
  }

  /// What is asked for, but for what others see to.
  private ResourceList counting(ResourceList wanted) {
    if (wanted.others().isEmpty() || (ignored.isEmpty() && ignoredGroups.isEmpty())) {
      return wanted;
    }
    Map<String, Long> others = new HashMap<>(wanted.others());
    others.keySet().removeIf(this::isIgnored);
    return new ResourceList(wanted.cpu(), wanted.memory(), wanted.ephemeralStorage(), others);
  }

  private boolean isIgnored(String resource) {
    int slash = resource.indexOf('/');
    boolean ofGroup = slash >= 0 && ignoredGroups.contains(resource.substring(0, slash));
    return slash >= 0 && (ofGroup || ignored.contains(resource));
  }

  private @Nullable Rejection rejection(ResourceList asked, NodeInfo node) {
    ResourceList wanted = asked.others().isEmpty() ? asked : countedOn(node, asked);
    boolean room = node.pods().size() < node.facts().pods();
    return room && fits(wanted, node.requested(), node.facts().allocatable())
        ? null
        : shortage(wanted, node, room);
  }

  private static boolean fits(ResourceList wanted, ResourceList taken, ResourceList all) {
    return lacks(wanted.cpu(), taken.cpu(), all.cpu())
                + lacks(wanted.memory(), taken.memory(), all.memory())
                + lacks(wanted.ephemeralStorage(), taken.ephemeralStorage(), all.ephemeralStorage())
            == 0
        && wanted.others().entrySet().stream()
            .allMatch(
                each ->
                    lacks(each.getValue(), taken.other(each.getKey()), all.other(each.getKey()))
                        == 0);
  }

  /// 0 if the rest is enough, 1 if it is not, 2 if even all would not be.
  private static int lacks(long wanted, long taken, long all) {
    if (wanted == 0 || wanted <= all - taken) {
      return 0;
    }
    return wanted > all ? 2 : 1;
  }

  private static Rejection shortage(ResourceList wanted, NodeInfo node, boolean room) {
    Shortage shortage = new Shortage();
    if (!room) {
      shortage.reasons.add("Too many pods");
    }
    ResourceList taken = node.requested();
    ResourceList all = node.facts().allocatable();
    shortage.of("cpu", wanted.cpu(), taken.cpu(), all.cpu());
    shortage.of("memory", wanted.memory(), taken.memory(), all.memory());
    shortage.of(
        "ephemeral-storage",
        wanted.ephemeralStorage(),
        taken.ephemeralStorage(),
        all.ephemeralStorage());
    for (String other : new TreeSet<>(wanted.others().keySet())) {
      shortage.of(other, wanted.other(other), taken.other(other), all.other(other));
    }
    return new Rejection(NAME, shortage.reasons, shortage.curable);
  }

  /// Collects what a node lacks.
  private static final class Shortage {
    final List<String> reasons = new ArrayList<>();
    boolean curable = true;

    void of(String resource, long wanted, long taken, long all) {
      int lack = lacks(wanted, taken, all);
      if (lack > 0) {
        reasons.add("Insufficient " + resource);
        curable &= lack < 2;
      }
    }
  }

  @Override
  public Score score(PodTemplate pod) {
    ResourceList wanted = pod.scored();
    return (Score.Absolute)
        node -> strategy.score(node.scored().plus(wanted), wanted, node.facts().allocatable());
  }

  @Override
  public List<Interest> events() {
    return List.of(
        Interest.in(Resource.POD, Action.DELETE, Action.UPDATE_POD_SCALE_DOWN).when(this::ofPod),
        Interest.in(Resource.NODE, Action.ADD, Action.UPDATE_NODE_ALLOCATABLE).when(this::ofNode),
        Interest.in(Resource.DEVICE_CLASS, Action.ADD, Action.UPDATE).when(this::ofClass));
  }

  private QueueingHint ofClass(PodInfo pod, ClusterEvent event) {
    return queueIf(pod.template().requests().others().keySet().stream().anyMatch(areDevices));
  }

  private QueueingHint ofPod(PodInfo pod, ClusterEvent event) {
    return queueIf(
        event instanceof ClusterEvent.OfPod(var _, var other, var _, var node)
            && (node == null ? other.uid().equals(pod.uid()) : hasRoom(pod, node)));
  }

  private QueueingHint ofNode(PodInfo pod, ClusterEvent event) {
    return queueIf(Hints.hasNode(event, node -> hasRoom(pod, node)));
  }

  private boolean hasRoom(PodInfo pod, NodeInfo node) {
    return rejection(counting(pod.template().requests()), node) == null;
  }

  @Override
  public List<Remedy> remedies(PodInfo pod, NodeInfo node) {
    List<Remedy> remedies = new ArrayList<>();
    if (node.pods().size() >= node.facts().pods()) {
      remedies.add(
          new Remedy(
              "pods",
              Struct.of("node", node.name()),
              "make room for one more pod on node " + node.name(),
              1));
    }
    ResourceList wanted = counting(pod.template().requests());
    List<String> resources = new ArrayList<>(List.of("cpu", "memory", "ephemeral-storage"));
    resources.addAll(new TreeSet<>(wanted.others().keySet()));
    for (String resource : resources) {
      long all = Amounts.of(node.facts().allocatable(), resource);
      long free = all - Amounts.of(node.requested(), resource);
      long lacking = Amounts.of(wanted, resource) - free;
      if (Amounts.of(wanted, resource) > 0 && lacking > 0) {
        remedies.add(remedy(resource, lacking, all, node));
      }
    }
    return remedies;
  }

  private static Remedy remedy(String resource, long lacking, long all, NodeInfo node) {
    String amount = Amounts.text(resource, lacking);
    return new Remedy(
        "resource",
        Struct.of("node", node.name(), "resource", resource, "amount", amount),
        "free "
            + amount
            + " of "
            + resource
            + " on node "
            + node.name()
            + ", or ask for as much"
            + " less",
        (double) lacking / Math.max(1, all));
  }
}
