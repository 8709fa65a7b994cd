# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The coarse decoder: graph convolutions on a tree grow one vector into a cloud (tree-GAN, Shu et al. 2019)."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .config import LISTConfig


class TreeGCN(nn.Module):
    """One level of the tree: `nodes` nodes of features[depth] channels become nodes * degree of features[depth + 1].

    Forward takes the list of all trees so far, (B, nodes_j, features[j]), and returns the new one.
    """

    def __init__(
        self, depth: int, features: tuple[int, ...], degree: int, support: int, nodes: int, last: bool
    ) -> None:
        super().__init__()
        channels, out = features[depth], features[depth + 1]
        self.nodes, self.degree, self.last = nodes, degree, last
        self.W_root = nn.ModuleList(nn.Linear(features[j], out, bias=False) for j in range(depth + 1))
        self.W_branch = nn.Parameter(torch.empty(nodes, channels, degree * channels))
        self.W_loop = nn.Sequential(
            nn.Linear(channels, channels * support, bias=False), nn.Linear(channels * support, out, bias=False)
        )
        # The last level has this parameter in published checkpoints but never reads it.
        self.bias = nn.Parameter(torch.empty(1, degree, out), requires_grad=not last)
        nn.init.kaiming_normal_(self.W_branch, a=0.2, mode="fan_in", nonlinearity="leaky_relu")
        nn.init.uniform_(self.bias, -1 / math.sqrt(out), 1 / math.sqrt(out))

    def forward(self, trees: list[Tensor]) -> Tensor:
        x = trees[-1]
        batch = x.shape[0]
        root = x.new_zeros(())
        for linear, tree in zip(self.W_root, trees, strict=True):
            # Children of a node lie next to each other: repeating rows carries an ancestor to its descendants.
            root = root + linear(tree).repeat_interleave(self.nodes // tree.shape[1], 1)
        # (nodes, B, in) @ (nodes, in, degree * in): each node has its own matrix.
        branch = F.leaky_relu(torch.bmm(x.transpose(0, 1), self.W_branch).transpose(0, 1), 0.2)
        out = self.loop(branch.reshape(batch, self.nodes * self.degree, -1)) + root.repeat_interleave(self.degree, 1)
        if self.last:
            return out
        return F.leaky_relu(out + self.bias.repeat(1, self.nodes, 1), 0.2)

    def loop(self, x: Tensor) -> Tensor:
        """The two linear layers without an activation between them."""
        y: Tensor = self.W_loop(x)
        return y


class TreeGraphDecoder(nn.Module):
    """Global vector (B, F) -> coarse cloud (B, P, 3) in object space."""

    def __init__(self, config: LISTConfig) -> None:
        super().__init__()
        self.gcn = nn.Sequential()
        nodes = 1
        for depth, degree in enumerate(config.tree_degrees):
            last = depth == len(config.tree_degrees) - 1
            layer = TreeGCN(depth, config.tree_features, degree, config.tree_support, nodes, last)
            self.gcn.add_module(f"TreeGCN_{depth}", layer)
            nodes *= degree

    def forward(self, vector: Tensor) -> Tensor:
        trees = [vector.unsqueeze(1)]
        for layer in self.gcn:
            trees.append(layer(trees))
        return trees[-1]
