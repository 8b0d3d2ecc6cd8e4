package dev.tiphys.scheduler.evaluation;

import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.framework.Profile;
import dev.tiphys.scheduler.framework.TemplateRefiner;
import java.util.LinkedHashMap;
import java.util.Map;

/// What the plugins of one profile know of the nodes, for the templates of Pods that came lately.
///
/// Threads: the scheduling task.
public final class Evaluations {

  private static final int REMEMBERED = 128;

  private final Profile profile;
  private final Cluster cluster;
  private final Map<Long, Evaluation> known =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Evaluation> eldest) {
          return size() > REMEMBERED;
        }
      };

  public Evaluations(Profile profile, Cluster cluster) {
    this.profile = profile;
    this.cluster = cluster;
  }

  /// Whose plugins these are.
  Profile profile() {
    return profile;
  }

  /// The template of a Pod, with what the plugins add to it.
  PodTemplate refined(PodInfo pod) {
    PodTemplate template = pod.template();
    for (TemplateRefiner refiner : profile.refiners()) {
      template = refiner.refine(pod, template);
    }
    return template;
  }

  public Evaluation of(PodInfo pod) {
    PodTemplate template = refined(pod);
    return known.computeIfAbsent(template.id(), _ -> new Evaluation(profile, template, cluster));
  }
}
