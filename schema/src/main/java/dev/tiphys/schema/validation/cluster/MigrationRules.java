package dev.tiphys.schema.validation.cluster;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import java.util.List;
import java.util.regex.Pattern;

/// Rules for StorageVersionMigrations.
public final class MigrationRules {

  private static final String RUNNING = "Running";
  private static final String SUCCEEDED = "Succeeded";
  private static final String FAILED = "Failed";

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,19}");

  private MigrationRules() {}

  public static void create(FieldValue migration) {
    FieldValue resource = migration.at("spec", "resource").at("resource");
    if (resource.string().isEmpty()) {
      resource.required("resource is required");
    }
  }

  public static void update(FieldValue now, Struct before) {
    now.at("spec", "resource").mustEqual(before.get("spec", "resource"));
  }

  public static void status(FieldValue now, Struct before) {
    FieldValue version = now.at("status", "resourceVersion");
    if (!version.string().isEmpty() && !NUMBER.matcher(version.string()).matches()) {
      version.invalid("resource version must be a non-negative integer");
    }
    FieldValue conditions = now.at("status", "conditions");
    List<Struct> told = conditions.structs();
    boolean succeeded = isTrue(told, SUCCEEDED);
    boolean failed = isTrue(told, FAILED);
    if (succeeded && failed) {
      conditions.invalid("Both success and failed conditions cannot be true at the same time");
    }
    if (succeeded && isTrue(told, RUNNING)) {
      conditions.invalid("Running condition cannot be true when success condition is true");
    }
    if (failed && isTrue(told, RUNNING)) {
      conditions.invalid("Running condition cannot be true when failed condition is true");
    }
    List<Struct> known = before.structs("status", "conditions");
    if (isTrue(known, SUCCEEDED) && !succeeded) {
      conditions.invalid("Success condition cannot be set to false once it is true");
    }
    if (isTrue(known, FAILED) && !failed) {
      conditions.invalid("Failed condition cannot be set to false once it is true");
    }
  }

  private static boolean isTrue(List<Struct> conditions, String type) {
    return conditions.stream()
        .anyMatch(each -> each.string("type").equals(type) && each.string("status").equals("True"));
  }
}
