package dev.tiphys.scheduler.plugins;

import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.framework.CycleState;
import dev.tiphys.scheduler.framework.PostFilterPlugin;
import dev.tiphys.scheduler.verdict.Diagnosis;
import dev.tiphys.scheduler.verdict.WhatIf;

/// The place of devices among the plugins: no claims to devices are allocated yet, so there are
/// none to take back for a Pod that fits nowhere.
final class DynamicResources implements PostFilterPlugin {

  @Override
  public String name() {
    return "DynamicResources";
  }

  @Override
  public PostFilterResult postFilter(
      CycleState state, PodInfo pod, Diagnosis diagnosis, WhatIf whatIf) {
    return PostFilterResult.untried("no new claims to deallocate");
  }
}
