import org.jspecify.annotations.NullMarked;

/// What the fields of the built-in kinds are for.
@NullMarked
module dev.tiphys.descriptions {
  requires static transitive org.jspecify;

  exports dev.tiphys.descriptions;
}
