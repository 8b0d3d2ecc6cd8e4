import org.jspecify.annotations.NullMarked;

/// Which node a Pod runs on.
@NullMarked
module dev.tiphys.scheduler {
  requires static transitive org.jspecify;
  requires transitive dev.tiphys.client;
  requires dev.tiphys.metrics;
  requires java.net.http;

  exports dev.tiphys.scheduler;
  exports dev.tiphys.scheduler.config;
  exports dev.tiphys.scheduler.config.fields;
  exports dev.tiphys.scheduler.decisions;
}
