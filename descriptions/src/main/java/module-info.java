import org.jspecify.annotations.NullMarked;

/// What the fields of the built-in kinds are for.
@NullMarked
module dev.tiphys.descriptions {
  requires static transitive org.jspecify;
  requires dev.tiphys.world;

  exports dev.tiphys.descriptions;

  opens dev.tiphys.descriptions to
      dev.tiphys.world;
}
