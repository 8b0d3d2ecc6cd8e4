package dev.tiphys.secrets.push;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.secrets.data.Rewrites;
import dev.tiphys.secrets.model.PushSecret;
import dev.tiphys.secrets.model.Store;
import dev.tiphys.secrets.model.StoreKey;
import dev.tiphys.secrets.provider.RemoteReference;
import dev.tiphys.secrets.provider.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What of a Secret goes into a store: the entries of `dataTo`, value by value or as a whole, and
/// those of `data`, which win where both mean the same value.
///
/// @param rewrites gives values other names
record Entries(PushSecret secret, Rewrites rewrites) {

  /// @param values of the Secret
  /// @throws StoreException if entries contradict each other, or themselves
  List<Entry> of(Map<String, byte[]> values, Store store) {
    List<Entry> all = new ArrayList<>();
    Set<String> explicit = new HashSet<>();
    List<Entry> single = new ArrayList<>();
    for (Struct data : secret.spec().structs("data")) {
      String strategy = data.string("conversionStrategy");
      Entry entry = new Entry(data, Reversed.keys(values, strategy));
      single.add(entry);
      explicit.add(original(values, entry.key(), strategy));
    }
    try {
      for (Entry entry : expanded(values, store)) {
        if (!explicit.contains(entry.key())) {
          all.add(entry);
        }
      }
    } catch (StoreException e) {
      throw new StoreException("failed to expand dataTo: " + e.message());
    }
    all.addAll(single);
    unique(all);
    return all;
  }

  private static String original(Map<String, byte[]> values, String key, String strategy) {
    for (String name : values.keySet()) {
      if (Reversed.key(name, strategy).equals(key)) {
        return name;
      }
    }
    return key;
  }

  private static void unique(List<Entry> entries) {
    Map<RemoteReference, String> places = new HashMap<>();
    for (Entry entry : entries) {
      RemoteReference place = entry.place();
      String other = places.put(place, entry.key());
      if (other != null) {
        String property =
            place.property().isEmpty() ? "" : " with property \"" + place.property() + "\"";
        throw new StoreException(
            "failed to merge data entries: duplicate remote key \"%s\"%s: source keys \"%s\" and \"%s\" both map to the same destination"
                .formatted(place.key(), property, other, entry.key()));
      }
    }
  }

  private List<Entry> expanded(Map<String, byte[]> values, Store store) {
    List<Entry> all = new ArrayList<>();
    Map<String, String> taken = new HashMap<>();
    List<Struct> sources = secret.dataTo();
    for (int i = 0; i < sources.size(); i++) {
      if (!isFor(sources.get(i), store)) {
        continue;
      }
      for (Map.Entry<String, Entry> each : expanded(i, sources.get(i), values).entrySet()) {
        String place = each.getValue().place().key();
        String other = taken.put(place, "dataTo[" + i + "]:" + each.getKey());
        if (other != null) {
          throw new StoreException(
              "dataTo[%d]: duplicate remote key \"%s\" from source key \"%s\" (conflicts with %s)"
                  .formatted(i, place, each.getKey(), other));
        }
        all.add(each.getValue());
      }
    }
    return all;
  }

  /// Entries by the keys that they come from.
  private Map<String, Entry> expanded(int index, Struct source, Map<String, byte[]> values) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    try {
      String strategy = source.string("conversionStrategy");
      Map<String, byte[]> matched = matched(Reversed.keys(values, strategy), source);
      String whole = source.string("remoteKey");
      if (!whole.isEmpty() && !matched.isEmpty()) {
        entries.put("(bundle)", new Entry(data("", whole, source), matched));
        return entries;
      }
      for (String key : whole.isEmpty() ? matched.keySet() : Set.<String>of()) {
        String remote = rewritten(source, key);
        if (remote.isEmpty()) {
          throw new StoreException("empty remote key produced for source key \"" + key + "\"");
        }
        Struct data = data(original(values, key, strategy), remote, source);
        entries.put(key, new Entry(data, values));
      }
      return entries;
    } catch (StoreException e) {
      throw new StoreException("dataTo[" + index + "]: " + e.message());
    }
  }

  private String rewritten(Struct source, String key) {
    try {
      return rewrites
          .apply(source.structs("rewrite"), Map.of(key, new byte[0]))
          .keySet()
          .iterator()
          .next();
    } catch (StoreException e) {
      throw new StoreException("rewrite failed: " + e.message());
    }
  }

  private static Map<String, byte[]> matched(Map<String, byte[]> values, Struct source) {
    String expression = source.string("match", "regexp");
    Map<String, byte[]> matched = new TreeMap<>(values);
    if (!expression.isEmpty()) {
      try {
        Pattern pattern = Pattern.compile(expression);
        matched.keySet().removeIf(key -> !pattern.matcher(key).find());
      } catch (PatternSyntaxException e) {
        throw new StoreException(
            "match failed: failed to compile regexp pattern \"%s\": %s"
                .formatted(expression, e.getMessage()));
      }
    }
    return matched;
  }

  private static Struct data(String key, String remote, Struct source) {
    StructBuilder match = new StructBuilder();
    match.add("remoteRef", Struct.of("remoteKey", remote));
    match.addUnlessEmpty("secretKey", key);
    StructBuilder data = new StructBuilder();
    data.add("conversionStrategy", "None");
    data.add("match", match.build());
    Object metadata = source.get("metadata");
    if (metadata != null) {
      data.add("metadata", metadata);
    }
    return data.build();
  }

  /// Whether an entry of `dataTo` is meant for a store.
  static boolean isFor(Struct source, Store store) {
    Struct reference = source.struct("storeRef");
    StoreKey key = StoreKey.of(reference.string("kind"), reference.string("name"), "");
    if (key.cluster() != store.isCluster()) {
      return false;
    }
    return key.name().isEmpty()
        ? LabelSelector.from(reference.struct("labelSelector"))
            .matches(store.object().struct("metadata", "labels"))
        : key.name().equals(store.name());
  }
}
