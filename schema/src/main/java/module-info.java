import org.jspecify.annotations.NullMarked;

/// What a kind is: its fields and their types, its defaults, its encodings, its rules.
@NullMarked
module dev.tiphys.schema {
  requires static transitive org.jspecify;
  requires transitive dev.tiphys.object;
  requires transitive dev.tiphys.cel;

  exports dev.tiphys.schema;
  exports dev.tiphys.schema.cron;
  exports dev.tiphys.schema.defaults;
  exports dev.tiphys.schema.expressions;
  exports dev.tiphys.schema.quota;
  exports dev.tiphys.schema.rules;
  exports dev.tiphys.schema.structural;
  exports dev.tiphys.schema.validation;
  exports dev.tiphys.schema.warnings;
}
