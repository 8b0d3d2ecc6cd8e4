import org.jspecify.annotations.NullMarked;

/// Counters, histograms and the text in which they are told.
@NullMarked
module dev.tiphys.metrics {
  requires static transitive org.jspecify;

  exports dev.tiphys.metrics;
}
