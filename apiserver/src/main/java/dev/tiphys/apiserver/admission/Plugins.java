package dev.tiphys.apiserver.admission;

import java.util.List;

/// The plugins that are on, in their order.
public final class Plugins {

  private Plugins() {}

  public static Admission all(Lookup lookup) {
    return Admission.chain(
        List.of(
            new NamespaceLifecycle(lookup),
            new NotReadyTaint(),
            new DefaultServiceAccount(),
            new PodPriority(lookup),
            new DefaultTolerations(),
            new DefaultClasses(lookup),
            new TopologyLabels(lookup)));
  }
}
