package dev.tiphys.scheduler.extenders;

import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.config.ExtenderConfiguration;
import dev.tiphys.scheduler.plugins.preemption.VictimAdviser;
import dev.tiphys.scheduler.verdict.Rejection;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// The extenders of a scheduler, asked one after the other, each about the nodes that are left.
///
/// Threads: any. What asks waits for the answers.
public final class Extenders implements VictimAdviser {

  /// What stands in the place of a plugin's name where an extender has refused nodes: no such
  /// plugin has said what may help, so anything may.
  private static final String NAME = "Extender";

  private static final System.Logger LOG = System.getLogger(Extenders.class.getName());

  private final List<Extender> all;

  public Extenders(
      List<ExtenderConfiguration> configurations,
      Function<ExtenderConfiguration, Transport> transports) {
    this.all =
        configurations.stream().map(each -> new Extender(each, transports.apply(each))).toList();
  }

  /// Those that are reached over HTTP.
  public static Extenders overHttp(List<ExtenderConfiguration> configurations) {
    return new Extenders(configurations, each -> new HttpTransport(each.tls(), each.timeout()));
  }

  /// Whether any has a say in where a Pod runs.
  public boolean areInterestedIn(PodInfo pod) {
    for (Extender extender : all) {
      if ((extender.filters() || extender.prioritizes()) && extender.isInterestedIn(pod)) {
        return true;
      }
    }
    return false;
  }

  /// Asks those that are interested in a Pod.
  ///
  /// @param nodes those that plugins have found
  public Advice ask(PodInfo pod, List<Struct> nodes) throws InterruptedException {
    List<Struct> left = nodes;
    Map<String, Rejection> rejections = new HashMap<>();
    for (Extender extender : all) {
      if (left.isEmpty() || !extender.filters() || !extender.isInterestedIn(pod)) {
        continue;
      }
      try {
        Extender.Filtered filtered = extender.filter(pod, left);
        note(filtered, rejections);
        Set<String> names = new HashSet<>(filtered.left());
        left = left.stream().filter(node -> names.contains(name(node))).toList();
      } catch (ExtenderException e) {
        if (!extender.isIgnorable()) {
          return new Advice.Failed(String.valueOf(e.getMessage()));
        }
        LOG.log(Level.INFO, "an extender that may be ignored failed: error=" + e.getMessage());
      }
    }
    Set<String> names = new HashSet<>();
    left.forEach(node -> names.add(name(node)));
    Map<String, Long> scores = left.size() > 1 ? scores(pod, left) : Map.of();
    return new Advice.Given(names, rejections, scores);
  }

  private static String name(Struct node) {
    return node.string("metadata", "name");
  }

  private static void note(Extender.Filtered filtered, Map<String, Rejection> rejections) {
    filtered.failed().forEach((node, why) -> rejections.put(node, Rejection.curable(NAME, why)));
    filtered
        .unresolvable()
        .forEach((node, why) -> rejections.put(node, Rejection.lasting(NAME, why)));
  }

  /// One that fails has no say.
  private Map<String, Long> scores(PodInfo pod, List<Struct> nodes) throws InterruptedException {
    Map<String, Long> scores = new HashMap<>();
    for (Extender extender : all) {
      if (extender.prioritizes() && extender.isInterestedIn(pod)) {
        try {
          extender
              .prioritize(pod, nodes)
              .forEach((node, score) -> scores.merge(node, score, Long::sum));
        } catch (ExtenderException e) {
          LOG.log(Level.INFO, "an extender gave no scores: error=" + e.getMessage());
        }
      }
    }
    return scores;
  }

  @Override
  public boolean isInterestedIn(PodInfo pod) {
    return all.stream().anyMatch(each -> each.preempts() && each.isInterestedIn(pod));
  }

  @Override
  public List<NodeVictims> advise(PodInfo pod, List<NodeVictims> candidates)
      throws InterruptedException {
    List<NodeVictims> left = candidates;
    for (Extender extender : all) {
      if (left.isEmpty() || !extender.preempts() || !extender.isInterestedIn(pod)) {
        continue;
      }
      try {
        left = extender.preempt(pod, left);
      } catch (ExtenderException e) {
        if (!extender.isIgnorable()) {
          throw e;
        }
        LOG.log(Level.INFO, "an extender that may be ignored failed: error=" + e.getMessage());
      }
    }
    return left;
  }

  /// The plugin that has an extender bind Pods, if one does.
  public Optional<ExtenderBinder> binder() {
    return all.stream().filter(Extender::binds).findFirst().map(ExtenderBinder::new);
  }
}
