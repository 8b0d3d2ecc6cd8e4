package dev.tiphys.store.etcd;

import com.google.protobuf.ByteString;
import dev.tiphys.store.KeyValue;
import dev.tiphys.store.Write;
import dev.tiphys.store.WriteResult;
import dev.tiphys.store.etcd.api.Compare;
import dev.tiphys.store.etcd.api.DeleteRangeRequest;
import dev.tiphys.store.etcd.api.DeleteRangeResponse;
import dev.tiphys.store.etcd.api.PutRequest;
import dev.tiphys.store.etcd.api.PutResponse;
import dev.tiphys.store.etcd.api.RangeRequest;
import dev.tiphys.store.etcd.api.RangeResponse;
import dev.tiphys.store.etcd.api.RequestOp;
import dev.tiphys.store.etcd.api.TxnRequest;
import dev.tiphys.store.etcd.api.TxnResponse;
import org.jspecify.annotations.Nullable;

/// A write as a transaction of etcd's: if the key is in the expected state, write it, else read it.
record EtcdWrite(Write write) {

  TxnRequest request() {
    TxnRequest.Builder request = TxnRequest.newBuilder();
    ByteString key = EtcdKeys.key(write.key());
    if (write.expected() != Write.ANY) {
      request.addCompare(
          Compare.newBuilder()
              .setTarget(Compare.Target.MOD)
              .setKey(key)
              .setModRevision(write.expected())); // 0 if there is no such key
    }
    return request
        .addSuccess(change(key))
        .addFailure(RequestOp.newBuilder().setRequestRange(RangeRequest.newBuilder().setKey(key)))
        .build();
  }

  private RequestOp.Builder change(ByteString key) {
    byte[] value = write.value();
    if (value == null) {
      return RequestOp.newBuilder()
          .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(key).setPrevKv(true));
    }
    return RequestOp.newBuilder()
        .setRequestPut(
            PutRequest.newBuilder()
                .setKey(key)
                .setValue(ByteString.copyFrom(value))
                .setLease(write.lease())
                .setPrevKv(true));
  }

  WriteResult result(TxnResponse answer) {
    if (!answer.getSucceeded()) {
      RangeResponse found = answer.getResponses(0).getResponseRange();
      return new WriteResult.Stale(
          found.getKvsCount() == 0 ? null : EtcdStates.state(found.getKvs(0)));
    }
    long revision = answer.getHeader().getRevision();
    byte[] value = write.value();
    if (value == null) {
      DeleteRangeResponse deleted = answer.getResponses(0).getResponseDeleteRange();
      KeyValue previous =
          deleted.getPrevKvsCount() == 0 ? null : EtcdStates.state(deleted.getPrevKvs(0));
      return new WriteResult.Written(revision, null, previous);
    }
    PutResponse put = answer.getResponses(0).getResponsePut();
    KeyValue previous = put.hasPrevKv() ? EtcdStates.state(put.getPrevKv()) : null;
    return new WriteResult.Written(revision, written(value, revision, previous), previous);
  }

  private KeyValue written(byte[] value, long revision, @Nullable KeyValue previous) {
    return new KeyValue(
        write.key(),
        value,
        previous == null ? revision : previous.createRevision(),
        revision,
        previous == null ? 1 : previous.version() + 1,
        write.lease(),
        0);
  }
}
