package dev.tiphys.cri;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.tiphys.grpc.GrpcMethod;

/// The methods of the CRI service that keeps images.
public final class ImageService {

  public static final GrpcMethod<Cri.ListImagesRequest, Cri.ListImagesResponse> LIST_IMAGES =
      method("ListImages", Cri.ListImagesResponse.parser());

  public static final GrpcMethod<Cri.ImageStatusRequest, Cri.ImageStatusResponse> IMAGE_STATUS =
      method("ImageStatus", Cri.ImageStatusResponse.parser());

  public static final GrpcMethod<Cri.PullImageRequest, Cri.PullImageResponse> PULL_IMAGE =
      method("PullImage", Cri.PullImageResponse.parser());

  public static final GrpcMethod<Cri.RemoveImageRequest, Cri.RemoveImageResponse> REMOVE_IMAGE =
      method("RemoveImage", Cri.RemoveImageResponse.parser());

  public static final GrpcMethod<Cri.ImageFsInfoRequest, Cri.ImageFsInfoResponse> IMAGE_FS_INFO =
      method("ImageFsInfo", Cri.ImageFsInfoResponse.parser());

  private ImageService() {}

  private static <Q extends MessageLite, R extends MessageLite> GrpcMethod<Q, R> method(
      String name, Parser<R> responses) {
    return new GrpcMethod<>("runtime.v1.ImageService", name, responses);
  }
}
