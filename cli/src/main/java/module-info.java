import org.jspecify.annotations.NullMarked;

/// The tiphys command.
@NullMarked
module dev.tiphys.cli {
  requires static transitive org.jspecify;
  requires dev.tiphys.apiserver;
  requires dev.tiphys.client;
  requires dev.tiphys.controllers;
  requires dev.tiphys.delivery;
  requires dev.tiphys.secrets;
  requires dev.tiphys.http;
  requires dev.tiphys.metrics;
  requires dev.tiphys.pki;
  requires dev.tiphys.preview;
  requires dev.tiphys.scheduler;
  requires dev.tiphys.monitoring;
  requires dev.tiphys.network;
  requires dev.tiphys.node;
  requires dev.tiphys.storage;
  requires dev.tiphys.store;
  requires io.netty.common;
  requires io.netty.transport;
  requires java.net.http;
  requires info.picocli;

  opens dev.tiphys.cli to
      info.picocli;
  opens dev.tiphys.cli.preview to
      info.picocli;
  opens dev.tiphys.cli.parts to
      info.picocli;
  opens dev.tiphys.cli.rollouts to
      info.picocli;
  opens dev.tiphys.cli.query to
      info.picocli;
  opens dev.tiphys.cli.why to
      info.picocli;
  opens dev.tiphys.cli.features to
      info.picocli;
  opens dev.tiphys.cli.options to
      info.picocli;

  provides java.lang.System.LoggerFinder with
      dev.tiphys.cli.LineLogs;
}
