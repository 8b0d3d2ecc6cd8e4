/// What single fields of objects of `networking.istio.io` mean. Pure.
package dev.tiphys.network.istio.fields;
