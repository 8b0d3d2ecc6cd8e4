import org.jspecify.annotations.NullMarked;

/// What a kind is: its fields and their types, its defaults, its encodings, its rules.
@NullMarked
@SuppressWarnings("opens") // of a package that has no classes, but files
module dev.tiphys.schema {
  requires static transitive org.jspecify;
  requires transitive dev.tiphys.object;
  requires transitive dev.tiphys.cel;
  requires dev.tiphys.world;

  exports dev.tiphys.schema;
  exports dev.tiphys.schema.cron;
  exports dev.tiphys.schema.defaults;
  exports dev.tiphys.schema.expressions;
  exports dev.tiphys.schema.quota;
  exports dev.tiphys.schema.rules;
  exports dev.tiphys.schema.structural;
  exports dev.tiphys.schema.validation;
  exports dev.tiphys.schema.warnings;

  opens dev.tiphys.schema to
      dev.tiphys.world;
  opens dev.tiphys.schema.types to
      dev.tiphys.world;
}
