import org.jspecify.annotations.NullMarked;

/// Time, timers, tasks and chance, passed in to every part as one small object.
@NullMarked
module dev.tiphys.world {
  requires static transitive org.jspecify;

  exports dev.tiphys.world;
}
