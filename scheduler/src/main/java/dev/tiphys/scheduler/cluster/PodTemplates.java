package dev.tiphys.scheduler.cluster;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The templates of Pods that were seen lately, each once.
///
/// Threads: one, the informer's.
public final class PodTemplates {

  private static final int REMEMBERED = 4_096;

  private final Map<List<Object>, PodTemplate> known =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<Object>, PodTemplate> eldest) {
          return size() > REMEMBERED;
        }
      };

  private long last;

  /// The template of a Pod.
  public PodTemplate of(Struct pod) {
    List<Object> signature = signature(pod);
    PodTemplate template = known.get(signature);
    if (template == null) {
      template = PodTemplate.of(++last, pod);
      known.put(signature, template);
    }
    return template;
  }

  /// What a template is read from. Names of volumes and the like differ between Pods that are the
  /// same to the scheduler, so whole specs can't be compared.
  private static List<Object> signature(Struct pod) {
    Struct spec = pod.struct("spec");
    List<Object> parts = new ArrayList<>(24);
    parts.add(pod.string("metadata", "namespace"));
    parts.add(pod.struct("metadata", "labels"));
    parts.add(spec.struct("nodeSelector"));
    parts.add(spec.struct("affinity"));
    parts.add(spec.list("tolerations"));
    parts.add(spec.list("topologySpreadConstraints"));
    parts.add(spec.struct("overhead"));
    parts.add(spec.struct("resources"));
    for (String field : List.of("containers", "initContainers")) {
      parts.add(field);
      for (Struct container : spec.structs(field)) {
        parts.add(container.string("image"));
        parts.add(container.struct("resources"));
        parts.add(container.list("ports"));
        parts.add(container.string("restartPolicy"));
      }
    }
    return parts;
  }
}
