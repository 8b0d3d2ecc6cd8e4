package dev.tiphys.controllers.job;

import dev.tiphys.object.Struct;
import java.util.List;

/// When a Job has succeeded although not all indexes have. Pure.
final class SuccessPolicy {

  private SuccessPolicy() {}

  /// What the first rule that is met says; empty if none is.
  static String met(Job job, Indexes succeeded) {
    List<Struct> rules = job.spec().structs("successPolicy", "rules");
    for (int i = 0; i < rules.size(); i++) {
      if (isMet(rules.get(i), job, succeeded)) {
        return "Matched rules at index " + i;
      }
    }
    return "";
  }

  private static boolean isMet(Struct rule, Job job, Indexes succeeded) {
    long count = rule.integer("succeededCount");
    if (!rule.has("succeededIndexes")) {
      return count > 0 && succeeded.size() >= count;
    }
    Indexes wanted = Indexes.parse(rule.string("succeededIndexes"), job.completions());
    long met = wanted.common(succeeded);
    return met >= (count > 0 ? count : wanted.size());
  }
}
