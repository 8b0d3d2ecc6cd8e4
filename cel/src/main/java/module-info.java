import org.jspecify.annotations.NullMarked;

/// The Common Expression Language as Kubernetes speaks it.
@NullMarked
module dev.tiphys.cel {
  requires static transitive org.jspecify;
  requires transitive dev.tiphys.object;
  requires transitive re2j;

  exports dev.tiphys.cel;
}
