import org.jspecify.annotations.NullMarked;

/// Secrets that are kept as stores outside of the cluster have them.
@NullMarked
module dev.tiphys.secrets {
  requires static transitive org.jspecify;
  requires transitive dev.tiphys.client;
  requires dev.tiphys.template;
  requires java.net.http;
  requires java.xml;
  requires re2j;

  exports dev.tiphys.secrets;
  exports dev.tiphys.secrets.model;
  exports dev.tiphys.secrets.sync;
}
