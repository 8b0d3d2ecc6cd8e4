/// What plugins say about nodes.
///
/// Upstream's extension points are cut so that work can be kept. A plugin is asked once for each
/// [dev.tiphys.scheduler.cluster.PodTemplate] and answers with a
/// [dev.tiphys.scheduler.verdict.Filter] or a [dev.tiphys.scheduler.verdict.Score] that lives as
/// long as the template is in use, or with null if it has nothing to say (upstream's Skip). What
/// these say about a node holds until the node changes. Those whose answer depends on other nodes
/// too ([dev.tiphys.scheduler.verdict.Survey]) keep what they need of each node.
package dev.tiphys.scheduler.verdict;
