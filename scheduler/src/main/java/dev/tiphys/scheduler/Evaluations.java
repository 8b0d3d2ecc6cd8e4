package dev.tiphys.scheduler;

import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.object.selector.Requirement;
import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.framework.Evaluation;
import dev.tiphys.scheduler.framework.Profile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is known of the nodes for the templates of Pods that came lately.
///
/// Threads: the scheduling task.
final class Evaluations {

  private static final int REMEMBERED = 128;

  private final Profile profile;
  private final Cluster cluster;
  private final DefaultSelectors selectors;
  private final Map<Key, Evaluation> known =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Evaluation> eldest) {
          return size() > REMEMBERED;
        }
      };

  /// A template, and what Pods its own are spread with by default.
  private record Key(long template, List<Requirement> spread) {}

  Evaluations(Profile profile, Cluster cluster, DefaultSelectors selectors) {
    this.profile = profile;
    this.cluster = cluster;
    this.selectors = selectors;
  }

  Evaluation of(PodInfo pod) {
    PodTemplate template = pod.template();
    List<Requirement> spread =
        template.spread().isEmpty() ? selectors.requirements(pod) : List.<Requirement>of();
    PodTemplate full = spread.isEmpty() ? template : template.spreadLike(LabelSelector.of(spread));
    // Claims and volumes change on their own, so what was found for them is not kept.
    return template.claims().isEmpty()
        ? known.computeIfAbsent(
            new Key(template.id(), spread), _ -> new Evaluation(profile, full, cluster))
        : new Evaluation(profile, full, cluster);
  }
}
