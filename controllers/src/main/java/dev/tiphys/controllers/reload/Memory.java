package dev.tiphys.controllers.reload;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// What a workload's objects held when they were last looked at, in an annotation of the workload:
/// so that nothing rolls because a controller begins anew.
///
/// @param contents a short hash of each object's content, by what the object is
record Memory(Struct contents) {

  /// Where it is kept.
  static final String ANNOTATION = "reload.tiphys.dev/seen";

  /// Enough to tell contents apart, and too little to find out what a Secret holds.
  private static final int HASH_BYTES = 5;

  static Memory of(Struct workload) {
    String kept = Meta.of(workload).annotation(ANNOTATION);
    try {
      return new Memory(
          kept.isEmpty() ? Struct.EMPTY : Json.struct(kept.getBytes(StandardCharsets.UTF_8)));
    } catch (EncodingException e) {
      return new Memory(Struct.EMPTY); // it was changed by hand: as if nothing had been seen
    }
  }

  /// How it is after a look at all objects that are there. What is not there is kept in mind as
  /// long as the workload follows it: it may come back with other content.
  ///
  /// @param present the objects that the workload follows
  /// @param followed what it would follow
  Memory after(Map<Source, Struct> present, Iterable<Source> followed) {
    StructBuilder now = new StructBuilder();
    for (Source source : followed) {
      now.addUnlessEmpty(source.toString(), contents.string(source.toString()));
    }
    present.forEach((source, object) -> now.add(source.toString(), hash(object)));
    return new Memory(now.build());
  }

  /// The objects whose content is another one than before. Those that were not known are none.
  List<Source> changed(Map<Source, Struct> present) {
    List<Source> changed = new ArrayList<>();
    present.forEach(
        (source, object) -> {
          String before = contents.string(source.toString());
          if (!before.isEmpty() && !before.equals(hash(object))) {
            changed.add(source);
          }
        });
    return changed;
  }

  /// What tells all contents together from others.
  String hash() {
    return hash(contents.toString());
  }

  private static String hash(Struct object) {
    return hash(object.struct("data") + "\n" + object.struct("binaryData"));
  }

  private static String hash(String text) {
    try {
      byte[] whole =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(whole, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
