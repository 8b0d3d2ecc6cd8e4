package dev.tiphys.apiserver.allocation;

import dev.tiphys.apiserver.storage.Storage;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.schema.ProtobufCodec;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.TypeTable;
import dev.tiphys.store.KeyValue;
import dev.tiphys.store.Store;
import dev.tiphys.store.StoreException;
import dev.tiphys.store.Write;
import dev.tiphys.store.WriteResult;
import dev.tiphys.world.World;
import java.math.BigInteger;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Gives Services their node ports. Which ones are taken stands in the store, in upstream's form: a
/// RangeAllocation with one bit a port, which is replaced by compare-and-swap, so that two writers,
/// and two servers, never give the same port.
///
/// Threads: any.
final class NodePorts {

  private static final int FIRST = 30_000;
  private static final int SIZE = 2_768;

  /// So many at the beginning are given out last, since users choose those themselves.
  private static final int RESERVED = 86;

  static final String RANGE = FIRST + "-" + (FIRST + SIZE - 1);
  private static final String KEY = "/registry/ranges/servicenodeports";
  private static final Type TYPE = TypeTable.BUILT_IN.type("io.k8s.api.core.v1.RangeAllocation");

  private final Store store;
  private final World world;
  private final Supplier<Set<Long>> used;

  /// @param used the ports that Services have, to begin with
  NodePorts(Store store, World world, Supplier<Set<Long>> used) {
    this.store = store;
    this.world = world;
    this.used = used;
  }

  /// Why a port can never be had; empty if it may be free.
  static String objection(long port) {
    return port >= FIRST && port < FIRST + SIZE
        ? ""
        : "provided port is not in the valid range. The range of valid ports is " + RANGE;
  }

  /// The ports that are taken.
  Set<Long> taken() {
    return numbers(bits(find()));
  }

  /// Takes a port. Returns false if it is taken already.
  boolean take(long port) {
    int bit = (int) (port - FIRST);
    return change(bits -> bits.testBit(bit) ? bits : bits.setBit(bit));
  }

  /// A port that is free and not among `others`.
  ///
  /// @param dry whether it is only to be named
  long takeAny(Set<Long> others, boolean dry) {
    while (true) {
      Set<Long> taken = new HashSet<>(taken());
      taken.addAll(others);
      long port = any(taken);
      if (dry || take(port)) {
        return port;
      }
    }
  }

  private long any(Set<Long> taken) {
    long port = any(taken, RESERVED, SIZE);
    if (port == 0) {
      port = any(taken, 0, RESERVED);
    }
    if (port == 0) {
      throw ApiException.internal("failed to allocate a nodePort: range is full");
    }
    return port;
  }

  /// A port of a part of the range; 0 if none is free.
  private long any(Set<Long> taken, int from, int to) {
    int count = to - from;
    int begin = world.random().nextInt(count);
    for (int i = 0; i < count; i++) {
      long port = (long) FIRST + from + (begin + i) % count;
      if (!taken.contains(port)) {
        return port;
      }
    }
    return 0;
  }

  /// Gives ports back.
  void release(Collection<Long> ports) {
    if (!ports.isEmpty()) {
      change(
          bits -> {
            BigInteger rest = bits;
            for (long port : ports) {
              rest = objection(port).isEmpty() ? rest.clearBit((int) (port - FIRST)) : rest;
            }
            return rest;
          });
    }
  }

  /// Takes ports that are in use, whether they are taken or not.
  void mark(Collection<Long> ports) {
    change(bits -> bits.or(bits(ports)));
  }

  /// Replaces the bits by what `change` makes of them. Returns whether that is something else.
  private boolean change(UnaryOperator<BigInteger> change) {
    try {
      while (true) {
        KeyValue record = find();
        BigInteger before = bits(record);
        BigInteger after = change.apply(before);
        if (after.equals(before)) {
          return false;
        }
        long revision = record == null ? Write.ABSENT : record.revision();
        if (store.write(Write.replace(KEY, encode(after), revision))
            instanceof WriteResult.Written) {
          return true;
        }
      }
    } catch (StoreException e) {
      throw Storage.refusal(e);
    }
  }

  private @Nullable KeyValue find() {
    try {
      return store.get(KEY);
    } catch (StoreException e) {
      throw Storage.refusal(e);
    }
  }

  private BigInteger bits(@Nullable KeyValue record) {
    if (record == null) {
      return bits(used.get());
    }
    Struct allocation =
        ProtobufCodec.decodeMessage(ProtobufCodec.open(record.value()).message(), TYPE);
    return new BigInteger(1, Base64.getDecoder().decode(allocation.string("data")));
  }

  private static BigInteger bits(Collection<Long> ports) {
    BigInteger bits = BigInteger.ZERO;
    for (long port : ports) {
      bits = objection(port).isEmpty() ? bits.setBit((int) (port - FIRST)) : bits;
    }
    return bits;
  }

  private static Set<Long> numbers(BigInteger bits) {
    Set<Long> ports = new HashSet<>();
    for (int i = 0; i < SIZE; i++) {
      if (bits.testBit(i)) {
        ports.add((long) FIRST + i);
      }
    }
    return ports;
  }

  private static byte[] encode(BigInteger bits) {
    Struct allocation =
        new StructBuilder()
            .add("metadata", Struct.EMPTY)
            .add("range", RANGE)
            .add("data", Base64.getEncoder().encodeToString(bits.toByteArray()))
            .build();
    return ProtobufCodec.encode(allocation, "v1", "RangeAllocation", TYPE);
  }
}
