/// How plugins decide together where a Pod runs.
///
/// Upstream's extension points are cut so that work can be kept. A plugin is asked once for each
/// [dev.tiphys.scheduler.cluster.PodTemplate] (pre-filter, pre-score) and answers with a
/// [dev.tiphys.scheduler.framework.Filter] or a [dev.tiphys.scheduler.framework.Score] that lives
/// as long as the template is in use, or with null if it has nothing to say (upstream's Skip). What
/// these say about a node holds until the node changes, so an
/// [dev.tiphys.scheduler.framework.Evaluation] asks again only about nodes that did. Those whose
/// answer depends on other nodes too ([dev.tiphys.scheduler.framework.Survey]) keep what they need
/// of each node.
package dev.tiphys.scheduler.framework;
