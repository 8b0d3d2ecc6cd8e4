package dev.tiphys.apiserver.admission.pods;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.object.Struct;
import org.jspecify.annotations.Nullable;

/// A group of Pods that names a template of a Workload is made after it: upstream's plugin
/// PodGroupWorkloadExists.
public final class PodGroupWorkload implements Admission {

  private static final String GROUP = "scheduling.k8s.io";

  private final Lookup lookup;

  public PodGroupWorkload(Lookup lookup) {
    this.lookup = lookup;
  }

  @Override
  public void validate(Request request, Struct group, @Nullable Struct old) {
    Struct reference = group.struct("spec", "podGroupTemplateRef", "workload");
    boolean creates = request.operation() == Operation.CREATE && request.isOn(GROUP, "podgroups");
    if (!creates || reference.isEmpty()) {
      return;
    }
    String name = reference.string("workloadName");
    Struct workload = lookup.find(GROUP, "workloads", request.namespace(), name);
    if (workload == null) {
      throw request.forbidden(group, "PodGroup rejected: Workload \"" + name + "\" not found");
    }
    String template = reference.string("podGroupTemplateName");
    if (workload.structs("spec", "podGroupTemplates").stream()
        .noneMatch(each -> each.string("name").equals(template))) {
      throw request.forbidden(
          group,
          "PodGroup rejected: PodGroupTemplate \"%s\" not found in Workload \"%s\""
              .formatted(template, name));
    }
  }
}
