/// Who asks, for what, and why: the part of a request that all stations on its way share.
package dev.tiphys.apiserver.request;
