package dev.tiphys.scheduler.framework;

import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.verdict.PreFilterResult;

/// Looks at a template before any node: may name the only nodes that are worth a look, or refuse
/// all of them. The answer is kept as long as the template is in use.
public interface PreFilterPlugin extends Plugin {

  PreFilterResult preFilter(PodTemplate pod);
}
