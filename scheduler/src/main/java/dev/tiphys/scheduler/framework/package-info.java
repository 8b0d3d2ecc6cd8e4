/// The scheduling framework: the extension points at which plugins take part, one interface each.
///
/// In the order of one Pod's way: pre-enqueue and queue-sort decide when it is tried; pre-filter
/// and filter which nodes will do, post-filter what can be done if none does; pre-score and score
/// which is the best; reserve and permit come once it has a node; pre-bind, bind and post-bind tell
/// the API. What differs from upstream is that most filters and scores are asked for a template,
/// not for each Pod: see [dev.tiphys.scheduler.verdict].
package dev.tiphys.scheduler.framework;
