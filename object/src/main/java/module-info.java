import org.jspecify.annotations.NullMarked;

/// The object tree: what every Kubernetes object is made of, how it is read, written, selected and
/// patched.
@NullMarked
module dev.tiphys.object {
  requires static transitive org.jspecify;
  requires com.fasterxml.jackson.core;
  requires org.snakeyaml.engine;

  exports dev.tiphys.object;
  exports dev.tiphys.object.api;
  exports dev.tiphys.object.encoding;
  exports dev.tiphys.object.merge;
  exports dev.tiphys.object.patch;
  exports dev.tiphys.object.selector;
}
