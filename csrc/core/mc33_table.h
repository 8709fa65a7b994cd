// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Written by list_fast/ops/mc33_table.py from the rules in list_fast/ops/mc33.py; a test holds this file to them.
//
// kMc33Open: of each case 0 where the 256-case table always holds, else 64 + its ambiguous faces as bits. kMc33First:
// of each open case its first row of kMc33Starts; the rows from there are counted by the bits of its joined faces, with
// those of its other faces left out. kMc33Starts: of each result of the interior test where its patch begins.
// kMc33Patches, numbers as letters from a = 0: how many triangles and inner vertices; two letters, the number in base
// 26, of the entry of each inner vertex in kMc33Inner; then three vertices of each triangle, edges 0 .. 11 or inner
// vertices from 12 on. kMc33Inner: edges as bits and the one of them that counts for a half, 12 where all count alike.
#pragma once
#include "marching_cubes_table.h"

namespace list_fast {

// clang-format off
LIST_FAST_TABLE uint8_t kMc33Open[256] = {
    0, 0, 0, 0, 0, 0, 65, 0, 0, 65, 0, 0, 0, 0, 0, 0, 0, 0, 68, 0, 80, 0, 85, 0, 64, 65, 68, 0, 80, 0, 84, 0, 0, 68, 0,
    0, 64, 68, 65, 0, 96, 101, 0, 0, 96, 100, 0, 0, 0, 0, 0, 0, 80, 0, 81, 0, 96, 97, 0, 0, 112, 96, 80, 0, 0, 80, 64,
    80, 0, 0, 65, 0, 72, 89, 72, 88, 0, 0, 0, 0, 0, 0, 68, 0, 0, 0, 69, 0, 72, 73, 76, 72, 0, 0, 68, 0, 66, 86, 66, 82,
    66, 70, 67, 66, 106, 127, 74, 90, 98, 102, 66, 66, 0, 0, 0, 0, 0, 0, 65, 0, 104, 105, 72, 72, 96, 96, 64, 0, 0, 64,
    96, 96, 72, 72, 105, 104, 0, 65, 0, 0, 0, 0, 0, 0, 66, 66, 102, 98, 90, 74, 127, 106, 66, 67, 70, 66, 82, 66, 86,
    66, 0, 68, 0, 0, 72, 76, 73, 72, 0, 69, 0, 0, 0, 68, 0, 0, 0, 0, 0, 0, 88, 72, 89, 72, 0, 65, 0, 0, 80, 64, 80, 0,
    0, 80, 96, 112, 0, 0, 97, 96, 0, 81, 0, 80, 0, 0, 0, 0, 0, 0, 100, 96, 0, 0, 101, 96, 0, 65, 68, 64, 0, 0, 68, 0,
    0, 84, 0, 80, 0, 68, 65, 64, 0, 85, 0, 80, 0, 68, 0, 0, 0, 0, 0, 0, 0, 0, 65, 0, 0, 65, 0, 0, 0, 0, 0, 0,
};
LIST_FAST_TABLE uint16_t kMc33First[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 6, 0, 8, 0, 16, 17, 19, 0, 21, 0, 23, 0, 0, 27, 0, 0,
    29, 30, 32, 0, 34, 36, 0, 0, 44, 46, 0, 0, 0, 0, 0, 0, 50, 0, 52, 0, 56, 58, 0, 0, 62, 66, 68, 0, 0, 70, 72, 73, 0,
    0, 75, 0, 77, 79, 87, 89, 0, 0, 0, 0, 0, 0, 93, 0, 0, 0, 95, 0, 99, 101, 105, 109, 0, 0, 111, 0, 113, 115, 123,
    125, 129, 131, 135, 139, 141, 149, 213, 217, 225, 229, 237, 239, 0, 0, 0, 0, 0, 0, 241, 0, 243, 247, 255, 257, 259,
    261, 263, 0, 0, 264, 265, 267, 269, 271, 273, 281, 0, 285, 0, 0, 0, 0, 0, 0, 287, 289, 291, 299, 303, 311, 315,
    379, 387, 389, 393, 397, 399, 403, 405, 413, 0, 415, 0, 0, 417, 419, 423, 427, 0, 429, 0, 0, 0, 433, 0, 0, 0, 0, 0,
    0, 435, 439, 441, 449, 0, 451, 0, 0, 453, 455, 456, 0, 0, 458, 460, 462, 0, 0, 466, 470, 0, 472, 0, 476, 0, 0, 0,
    0, 0, 0, 478, 482, 0, 0, 484, 492, 0, 494, 496, 498, 0, 0, 499, 0, 0, 501, 0, 505, 0, 507, 509, 511, 0, 512, 0,
    520, 0, 522, 0, 0, 0, 0, 0, 0, 0, 0, 524, 0, 0, 526, 0, 0, 0, 0, 0, 0,
};
LIST_FAST_TABLE uint16_t kMc33Starts[528][5] = {
    {0, 0, 0, 0, 0}, {8, 8, 8, 8, 8}, {22, 22, 22, 22, 22}, {30, 30, 30, 30, 30}, {44, 44, 44, 44, 44},
    {52, 52, 52, 52, 52}, {66, 66, 66, 74, 66}, {118, 118, 118, 118, 118}, {132, 132, 132, 143, 132},
    {190, 190, 190, 207, 190}, {260, 260, 260, 277, 260}, {330, 330, 330, 330, 330}, {361, 361, 361, 361, 361},
    {378, 378, 378, 378, 378}, {409, 409, 409, 409, 409}, {440, 440, 457, 440, 440}, {510, 510, 510, 518, 510},
    {562, 562, 562, 573, 562}, {620, 620, 620, 620, 620}, {637, 637, 637, 648, 637}, {695, 695, 695, 695, 695},
    {712, 712, 712, 723, 712}, {770, 770, 770, 770, 770}, {787, 787, 787, 801, 787}, {851, 851, 851, 851, 851},
    {871, 871, 871, 871, 871}, {891, 891, 905, 891, 891}, {955, 955, 955, 955, 955}, {963, 963, 963, 963, 963},
    {977, 977, 977, 985, 977}, {1029, 1029, 1029, 1040, 1029}, {1087, 1087, 1087, 1087, 1087},
    {1104, 1104, 1104, 1115, 1104}, {1162, 1162, 1162, 1162, 1162}, {1179, 1179, 1179, 1187, 1179},
    {1231, 1231, 1231, 1231, 1231}, {1245, 1245, 1245, 1256, 1245}, {1303, 1303, 1303, 1320, 1303},
    {1373, 1373, 1373, 1390, 1373}, {1443, 1443, 1443, 1443, 1443}, {1474, 1474, 1474, 1474, 1474},
    {1491, 1491, 1491, 1491, 1491}, {1522, 1522, 1522, 1522, 1522}, {1553, 1553, 1570, 1553, 1553},
    {1623, 1623, 1623, 1634, 1623}, {1681, 1681, 1681, 1681, 1681}, {1698, 1698, 1698, 1712, 1698},
    {1762, 1762, 1762, 1762, 1762}, {1782, 1782, 1782, 1782, 1782}, {1802, 1802, 1816, 1802, 1802},
    {1866, 1866, 1866, 1877, 1866}, {1924, 1924, 1924, 1924, 1924}, {1941, 1941, 1941, 1955, 1941},
    {2005, 2005, 2005, 2005, 2005}, {2025, 2025, 2025, 2025, 2025}, {2045, 2045, 2059, 2045, 2045},
    {2109, 2109, 2109, 2120, 2109}, {2167, 2167, 2167, 2167, 2167}, {2184, 2184, 2184, 2198, 2184},
    {2248, 2248, 2248, 2248, 2248}, {2268, 2268, 2268, 2268, 2268}, {2288, 2288, 2302, 2288, 2288},
    {2352, 2352, 2352, 2366, 2352}, {2424, 2424, 2424, 2424, 2424}, {2452, 2452, 2452, 2452, 2452},
    {2480, 2480, 2494, 2480, 2480}, {2552, 2552, 2552, 2552, 2552}, {2569, 2569, 2580, 2569, 2569},
    {2627, 2627, 2627, 2627, 2627}, {2644, 2644, 2655, 2644, 2644}, {2702, 2710, 2702, 2702, 2702},
    {2754, 2754, 2754, 2754, 2754}, {2768, 2776, 2768, 2768, 2768}, {2820, 2831, 2820, 2820, 2820},
    {2878, 2878, 2878, 2878, 2878}, {2895, 2906, 2895, 2895, 2895}, {2953, 2953, 2953, 2953, 2953},
    {2970, 2970, 2970, 2970, 2970}, {2978, 2978, 2978, 2978, 2978}, {2992, 3003, 2992, 2992, 2992},
    {3050, 3067, 3050, 3050, 3050}, {3120, 3137, 3120, 3120, 3120}, {3190, 3190, 3190, 3190, 3190},
    {3221, 3221, 3221, 3221, 3221}, {3238, 3238, 3238, 3238, 3238}, {3269, 3269, 3269, 3269, 3269},
    {3300, 3300, 3300, 3300, 3317}, {3370, 3381, 3370, 3370, 3370}, {3428, 3428, 3428, 3428, 3428},
    {3445, 3459, 3445, 3445, 3445}, {3509, 3509, 3509, 3509, 3509}, {3529, 3529, 3529, 3529, 3529},
    {3549, 3549, 3549, 3549, 3563}, {3613, 3624, 3613, 3613, 3613}, {3671, 3671, 3671, 3671, 3671},
    {3688, 3702, 3688, 3688, 3688}, {3752, 3752, 3752, 3752, 3752}, {3772, 3772, 3772, 3772, 3772},
    {3792, 3792, 3806, 3792, 3792}, {3856, 3856, 3856, 3867, 3856}, {3914, 3914, 3914, 3914, 3914},
    {3931, 3931, 3931, 3945, 3931}, {3995, 3995, 3995, 3995, 3995}, {4015, 4015, 4015, 4015, 4015},
    {4035, 4035, 4035, 4035, 4049}, {4099, 4113, 4099, 4113, 4099}, {4171, 4171, 4171, 4171, 4171},
    {4199, 4199, 4199, 4199, 4199}, {4227, 4227, 4241, 4227, 4241}, {4299, 4299, 4299, 4299, 4299},
    {4316, 4316, 4316, 4316, 4327}, {4374, 4374, 4374, 4374, 4374}, {4391, 4391, 4402, 4391, 4391},
    {4449, 4449, 4449, 4449, 4449}, {4457, 4457, 4457, 4457, 4457}, {4471, 4482, 4471, 4471, 4471},
    {4529, 4546, 4529, 4529, 4529}, {4599, 4616, 4599, 4599, 4599}, {4669, 4669, 4669, 4669, 4669},
    {4700, 4700, 4700, 4700, 4700}, {4717, 4717, 4717, 4717, 4717}, {4748, 4748, 4748, 4748, 4748},
    {4779, 4779, 4779, 4779, 4796}, {4849, 4860, 4849, 4849, 4849}, {4907, 4907, 4907, 4907, 4907},
    {4924, 4938, 4924, 4924, 4924}, {4988, 4988, 4988, 4988, 4988}, {5008, 5008, 5008, 5008, 5008},
    {5028, 5028, 5028, 5028, 5042}, {5092, 5092, 5092, 5103, 5092}, {5150, 5150, 5150, 5150, 5150},
    {5167, 5167, 5167, 5181, 5167}, {5231, 5231, 5231, 5231, 5231}, {5251, 5251, 5251, 5251, 5251},
    {5271, 5271, 5271, 5271, 5285}, {5335, 5349, 5335, 5349, 5335}, {5407, 5407, 5407, 5407, 5407},
    {5435, 5435, 5435, 5435, 5435}, {5463, 5463, 5477, 5463, 5477}, {5535, 5535, 5535, 5535, 5535},
    {5552, 5552, 5552, 5552, 5563}, {5610, 5610, 5610, 5621, 5610}, {5668, 5668, 5668, 5685, 5668},
    {5738, 5738, 5738, 5755, 5738}, {5808, 5808, 5808, 5808, 5808}, {5839, 5839, 5839, 5839, 5839},
    {5856, 5856, 5856, 5856, 5856}, {5887, 5887, 5887, 5887, 5887}, {5918, 5918, 5935, 5918, 5918},
    {5988, 6002, 5988, 6052, 5988}, {6102, 6122, 6102, 6178, 6102}, {6234, 6254, 6234, 6310, 6234},
    {6366, 6392, 6366, 6392, 6366}, {6478, 6498, 6478, 6554, 6478}, {6610, 6644, 6610, 6610, 6610},
    {6706, 6706, 6706, 6740, 6706}, {6802, 6802, 6802, 6802, 6802}, {6842, 6862, 6842, 6918, 6842},
    {6974, 6974, 6974, 7008, 6974}, {7070, 7104, 7070, 7070, 7070}, {7166, 7166, 7166, 7166, 7166},
    {7206, 7232, 7206, 7232, 7206}, {7318, 7318, 7318, 7318, 7318}, {7358, 7358, 7358, 7358, 7358},
    {7398, 7398, 7398, 7398, 7398}, {7424, 7424, 7424, 7444, 7424}, {7500, 7500, 7500, 7534, 7500},
    {7596, 7596, 7596, 7630, 7596}, {7692, 7692, 7692, 7692, 7692}, {7732, 7732, 7732, 7766, 7732},
    {7828, 7828, 7828, 7828, 7828}, {7868, 7868, 7868, 7888, 7944}, {8000, 8000, 8000, 8000, 8034},
    {8096, 8096, 8096, 8130, 8096}, {8192, 8192, 8192, 8212, 8268}, {8324, 8324, 8324, 8324, 8324},
    {8364, 8364, 8364, 8364, 8398}, {8460, 8460, 8460, 8460, 8460}, {8500, 8500, 8500, 8500, 8534},
    {8596, 8596, 8596, 8596, 8630}, {8692, 8692, 8692, 8692, 8712}, {8768, 8788, 8768, 8768, 8768},
    {8844, 8878, 8844, 8844, 8844}, {8940, 8974, 8940, 8940, 8940}, {9036, 9036, 9036, 9036, 9036},
    {9076, 9110, 9076, 9076, 9076}, {9172, 9192, 9248, 9172, 9172}, {9304, 9304, 9304, 9304, 9304},
    {9344, 9344, 9378, 9344, 9344}, {9440, 9474, 9440, 9440, 9440}, {9536, 9536, 9536, 9536, 9536},
    {9576, 9596, 9652, 9576, 9576}, {9708, 9708, 9742, 9708, 9708}, {9804, 9804, 9804, 9804, 9804},
    {9844, 9844, 9878, 9844, 9844}, {9940, 9940, 9974, 9940, 9940}, {10036, 10036, 10056, 10036, 10036},
    {10112, 10112, 10112, 10112, 10112}, {10138, 10138, 10138, 10138, 10138}, {10178, 10178, 10178, 10178, 10178},
    {10218, 10218, 10244, 10218, 10244}, {10330, 10330, 10330, 10330, 10330}, {10370, 10370, 10404, 10370, 10370},
    {10466, 10466, 10466, 10466, 10500}, {10562, 10562, 10582, 10562, 10638}, {10694, 10694, 10694, 10694, 10694},
    {10734, 10734, 10734, 10734, 10768}, {10830, 10830, 10864, 10830, 10830}, {10926, 10926, 10946, 10926, 11002},
    {11058, 11058, 11084, 11058, 11084}, {11170, 11170, 11190, 11170, 11246}, {11302, 11302, 11322, 11302, 11378},
    {11434, 11434, 11448, 11434, 11498}, {11548, 11562, 11548, 11548, 11548}, {11612, 11612, 11612, 11612, 11612},
    {11632, 11632, 11632, 11632, 11632}, {11652, 11652, 11666, 11652, 11652}, {11716, 11733, 11716, 11716, 11716},
    {11786, 11786, 11786, 11786, 11786}, {11817, 11817, 11817, 11817, 11817}, {11848, 11848, 11848, 11848, 11848},
    {11865, 11865, 11865, 11865, 11865}, {11896, 11896, 11896, 11896, 11913}, {11966, 11966, 11966, 11966, 11983},
    {12036, 12036, 12036, 12036, 12047}, {12094, 12094, 12094, 12108, 12094}, {12158, 12158, 12158, 12158, 12158},
    {12178, 12178, 12178, 12178, 12178}, {12198, 12198, 12212, 12198, 12198}, {12262, 12262, 12262, 12279, 12262},
    {12332, 12332, 12332, 12332, 12332}, {12363, 12363, 12363, 12363, 12363}, {12394, 12394, 12394, 12394, 12394},
    {12411, 12411, 12411, 12411, 12411}, {12442, 12442, 12459, 12442, 12442}, {12512, 12512, 12529, 12512, 12512},
    {12582, 12582, 12593, 12582, 12582}, {12640, 12640, 12640, 12640, 12640}, {12657, 12657, 12668, 12657, 12657},
    {12715, 12715, 12715, 12715, 12715}, {12729, 12729, 12729, 12729, 12729}, {12737, 12737, 12737, 12737, 12737},
    {12754, 12754, 12765, 12754, 12754}, {12812, 12812, 12812, 12826, 12812}, {12876, 12876, 12876, 12876, 12876},
    {12896, 12896, 12896, 12896, 12896}, {12916, 12916, 12930, 12916, 12916}, {12980, 12980, 12980, 12997, 12980},
    {13050, 13050, 13050, 13050, 13050}, {13081, 13081, 13081, 13081, 13081}, {13112, 13112, 13112, 13112, 13112},
    {13129, 13129, 13129, 13129, 13129}, {13160, 13160, 13177, 13160, 13160}, {13230, 13230, 13247, 13230, 13230},
    {13300, 13300, 13311, 13300, 13300}, {13358, 13358, 13358, 13358, 13358}, {13375, 13375, 13386, 13375, 13375},
    {13433, 13433, 13433, 13433, 13433}, {13447, 13447, 13447, 13447, 13447}, {13455, 13455, 13455, 13455, 13455},
    {13472, 13472, 13483, 13472, 13472}, {13530, 13530, 13530, 13530, 13530}, {13544, 13544, 13552, 13544, 13544},
    {13596, 13596, 13604, 13596, 13596}, {13648, 13656, 13648, 13648, 13648}, {13700, 13708, 13700, 13700, 13700},
    {13752, 13752, 13752, 13752, 13752}, {13766, 13777, 13766, 13766, 13766}, {13824, 13824, 13824, 13824, 13824},
    {13841, 13841, 13841, 13841, 13841}, {13849, 13849, 13849, 13849, 13849}, {13863, 13874, 13863, 13863, 13863},
    {13921, 13921, 13921, 13921, 13921}, {13938, 13949, 13938, 13938, 13938}, {13996, 14013, 13996, 13996, 13996},
    {14066, 14083, 14066, 14066, 14066}, {14136, 14136, 14136, 14136, 14136}, {14167, 14167, 14167, 14167, 14167},
    {14184, 14184, 14184, 14184, 14184}, {14215, 14215, 14215, 14215, 14215}, {14246, 14246, 14246, 14246, 14263},
    {14316, 14330, 14316, 14316, 14316}, {14380, 14380, 14380, 14380, 14380}, {14400, 14400, 14400, 14400, 14400},
    {14420, 14420, 14420, 14420, 14434}, {14484, 14495, 14484, 14484, 14484}, {14542, 14542, 14542, 14542, 14542},
    {14559, 14559, 14559, 14559, 14559}, {14567, 14567, 14567, 14567, 14567}, {14581, 14592, 14581, 14581, 14581},
    {14639, 14639, 14639, 14639, 14639}, {14656, 14667, 14656, 14656, 14656}, {14714, 14731, 14714, 14714, 14714},
    {14784, 14801, 14784, 14784, 14784}, {14854, 14854, 14854, 14854, 14854}, {14885, 14885, 14885, 14885, 14885},
    {14902, 14902, 14902, 14902, 14902}, {14933, 14933, 14933, 14933, 14933}, {14964, 14964, 14964, 14964, 14981},
    {15034, 15048, 15034, 15034, 15034}, {15098, 15098, 15098, 15098, 15098}, {15118, 15118, 15118, 15118, 15118},
    {15138, 15138, 15138, 15138, 15152}, {15202, 15202, 15202, 15213, 15202}, {15260, 15260, 15260, 15277, 15260},
    {15330, 15330, 15330, 15347, 15330}, {15400, 15400, 15400, 15400, 15400}, {15431, 15431, 15431, 15431, 15431},
    {15448, 15448, 15448, 15448, 15448}, {15479, 15479, 15479, 15479, 15479}, {15510, 15510, 15527, 15510, 15510},
    {15580, 15594, 15580, 15580, 15580}, {15644, 15644, 15644, 15644, 15644}, {15664, 15664, 15664, 15664, 15664},
    {15684, 15684, 15698, 15684, 15684}, {15748, 15762, 15748, 15812, 15748}, {15862, 15882, 15862, 15938, 15862},
    {15994, 16014, 15994, 16070, 15994}, {16126, 16152, 16126, 16152, 16126}, {16238, 16258, 16238, 16314, 16238},
    {16370, 16404, 16370, 16370, 16370}, {16466, 16466, 16466, 16500, 16466}, {16562, 16562, 16562, 16562, 16562},
    {16602, 16622, 16602, 16678, 16602}, {16734, 16734, 16734, 16768, 16734}, {16830, 16864, 16830, 16830, 16830},
    {16926, 16926, 16926, 16926, 16926}, {16966, 16992, 16966, 16992, 16966}, {17078, 17078, 17078, 17078, 17078},
    {17118, 17118, 17118, 17118, 17118}, {17158, 17158, 17158, 17158, 17158}, {17184, 17204, 17184, 17184, 17184},
    {17260, 17294, 17260, 17260, 17260}, {17356, 17390, 17356, 17356, 17356}, {17452, 17452, 17452, 17452, 17452},
    {17492, 17526, 17492, 17492, 17492}, {17588, 17608, 17664, 17588, 17588}, {17720, 17720, 17720, 17720, 17720},
    {17760, 17760, 17794, 17760, 17760}, {17856, 17890, 17856, 17856, 17856}, {17952, 17952, 17952, 17952, 17952},
    {17992, 18012, 18068, 17992, 17992}, {18124, 18124, 18158, 18124, 18124}, {18220, 18220, 18220, 18220, 18220},
    {18260, 18260, 18294, 18260, 18260}, {18356, 18356, 18390, 18356, 18356}, {18452, 18452, 18472, 18452, 18452},
    {18528, 18528, 18528, 18548, 18528}, {18604, 18604, 18604, 18638, 18604}, {18700, 18700, 18700, 18734, 18700},
    {18796, 18796, 18796, 18796, 18796}, {18836, 18836, 18836, 18870, 18836}, {18932, 18932, 18932, 18932, 18932},
    {18972, 18972, 18972, 18992, 19048}, {19104, 19104, 19104, 19104, 19138}, {19200, 19200, 19200, 19234, 19200},
    {19296, 19296, 19296, 19316, 19372}, {19428, 19428, 19428, 19428, 19428}, {19468, 19468, 19468, 19468, 19502},
    {19564, 19564, 19564, 19564, 19564}, {19604, 19604, 19604, 19604, 19638}, {19700, 19700, 19700, 19700, 19734},
    {19796, 19796, 19796, 19796, 19816}, {19872, 19872, 19872, 19872, 19872}, {19898, 19898, 19898, 19898, 19898},
    {19938, 19938, 19938, 19938, 19938}, {19978, 19978, 20004, 19978, 20004}, {20090, 20090, 20090, 20090, 20090},
    {20130, 20130, 20164, 20130, 20130}, {20226, 20226, 20226, 20226, 20260}, {20322, 20322, 20342, 20322, 20398},
    {20454, 20454, 20454, 20454, 20454}, {20494, 20494, 20494, 20494, 20528}, {20590, 20590, 20624, 20590, 20590},
    {20686, 20686, 20706, 20686, 20762}, {20818, 20818, 20844, 20818, 20844}, {20930, 20930, 20950, 20930, 21006},
    {21062, 21062, 21082, 21062, 21138}, {21194, 21194, 21208, 21194, 21258}, {21308, 21325, 21308, 21308, 21308},
    {21378, 21378, 21378, 21378, 21378}, {21409, 21409, 21409, 21409, 21409}, {21440, 21440, 21440, 21440, 21440},
    {21457, 21457, 21457, 21457, 21457}, {21488, 21488, 21488, 21488, 21505}, {21558, 21558, 21558, 21558, 21575},
    {21628, 21628, 21628, 21628, 21639}, {21686, 21686, 21686, 21697, 21686}, {21744, 21744, 21744, 21744, 21744},
    {21761, 21775, 21761, 21775, 21761}, {21833, 21833, 21833, 21833, 21833}, {21861, 21861, 21861, 21861, 21861},
    {21889, 21889, 21903, 21889, 21903}, {21961, 21961, 21961, 21975, 21961}, {22025, 22025, 22025, 22025, 22025},
    {22045, 22045, 22045, 22045, 22045}, {22065, 22065, 22065, 22065, 22079}, {22129, 22129, 22129, 22129, 22129},
    {22146, 22146, 22146, 22146, 22157}, {22204, 22204, 22204, 22218, 22204}, {22268, 22268, 22268, 22268, 22268},
    {22288, 22288, 22288, 22288, 22288}, {22308, 22308, 22322, 22308, 22308}, {22372, 22372, 22372, 22372, 22372},
    {22389, 22389, 22400, 22389, 22389}, {22447, 22447, 22447, 22464, 22447}, {22517, 22517, 22517, 22517, 22517},
    {22548, 22548, 22548, 22548, 22548}, {22579, 22579, 22579, 22579, 22579}, {22596, 22596, 22596, 22596, 22596},
    {22627, 22627, 22644, 22627, 22627}, {22697, 22697, 22714, 22697, 22697}, {22767, 22767, 22778, 22767, 22767},
    {22825, 22825, 22825, 22825, 22825}, {22839, 22839, 22839, 22839, 22839}, {22847, 22858, 22847, 22847, 22847},
    {22905, 22905, 22905, 22905, 22905}, {22922, 22922, 22922, 22933, 22922}, {22980, 22980, 22980, 22980, 22980},
    {22997, 23011, 22997, 23011, 22997}, {23069, 23069, 23069, 23069, 23069}, {23097, 23097, 23097, 23097, 23097},
    {23125, 23125, 23139, 23125, 23139}, {23197, 23197, 23197, 23211, 23197}, {23261, 23261, 23261, 23261, 23261},
    {23281, 23281, 23281, 23281, 23281}, {23301, 23301, 23301, 23301, 23315}, {23365, 23365, 23365, 23365, 23365},
    {23382, 23382, 23382, 23382, 23393}, {23440, 23454, 23440, 23440, 23440}, {23504, 23504, 23504, 23504, 23504},
    {23524, 23524, 23524, 23524, 23524}, {23544, 23544, 23558, 23544, 23544}, {23608, 23608, 23608, 23608, 23608},
    {23625, 23625, 23636, 23625, 23625}, {23683, 23683, 23683, 23697, 23683}, {23747, 23747, 23747, 23747, 23747},
    {23767, 23767, 23767, 23767, 23767}, {23787, 23787, 23801, 23787, 23787}, {23851, 23851, 23851, 23851, 23851},
    {23868, 23868, 23879, 23868, 23868}, {23926, 23926, 23926, 23943, 23926}, {23996, 23996, 23996, 23996, 23996},
    {24027, 24027, 24027, 24027, 24027}, {24058, 24058, 24058, 24058, 24058}, {24075, 24075, 24075, 24075, 24075},
    {24106, 24106, 24123, 24106, 24106}, {24176, 24176, 24193, 24176, 24176}, {24246, 24246, 24257, 24246, 24246},
    {24304, 24304, 24304, 24304, 24304}, {24318, 24318, 24318, 24318, 24318}, {24326, 24326, 24326, 24326, 24326},
    {24343, 24343, 24354, 24343, 24343}, {24401, 24401, 24401, 24401, 24401}, {24418, 24418, 24429, 24418, 24418},
    {24476, 24476, 24484, 24476, 24476}, {24528, 24528, 24528, 24528, 24528}, {24542, 24542, 24550, 24542, 24542},
    {24594, 24605, 24594, 24594, 24594}, {24652, 24652, 24652, 24652, 24652}, {24669, 24680, 24669, 24669, 24669},
    {24727, 24727, 24727, 24727, 24727}, {24744, 24758, 24744, 24744, 24744}, {24816, 24816, 24816, 24816, 24816},
    {24844, 24844, 24844, 24844, 24844}, {24872, 24872, 24872, 24872, 24886}, {24944, 24958, 24944, 24944, 24944},
    {25008, 25008, 25008, 25008, 25008}, {25028, 25028, 25028, 25028, 25028}, {25048, 25048, 25048, 25048, 25062},
    {25112, 25112, 25112, 25112, 25112}, {25129, 25129, 25129, 25129, 25140}, {25187, 25201, 25187, 25187, 25187},
    {25251, 25251, 25251, 25251, 25251}, {25271, 25271, 25271, 25271, 25271}, {25291, 25291, 25291, 25291, 25305},
    {25355, 25355, 25355, 25355, 25355}, {25372, 25372, 25372, 25372, 25383}, {25430, 25444, 25430, 25430, 25430},
    {25494, 25494, 25494, 25494, 25494}, {25514, 25514, 25514, 25514, 25514}, {25534, 25534, 25534, 25534, 25548},
    {25598, 25598, 25598, 25598, 25598}, {25615, 25615, 25615, 25615, 25626}, {25673, 25690, 25673, 25673, 25673},
    {25743, 25743, 25743, 25743, 25743}, {25774, 25774, 25774, 25774, 25774}, {25805, 25805, 25805, 25805, 25805},
    {25822, 25822, 25822, 25822, 25822}, {25853, 25853, 25853, 25853, 25870}, {25923, 25923, 25923, 25923, 25940},
    {25993, 25993, 25993, 25993, 26004}, {26051, 26051, 26051, 26051, 26051}, {26065, 26065, 26065, 26065, 26073},
    {26117, 26117, 26117, 26117, 26117}, {26134, 26134, 26134, 26134, 26145}, {26192, 26192, 26192, 26192, 26192},
    {26209, 26209, 26209, 26209, 26220}, {26267, 26267, 26267, 26267, 26275}, {26319, 26319, 26319, 26319, 26319},
    {26333, 26333, 26333, 26333, 26333}, {26341, 26355, 26341, 26341, 26341}, {26405, 26405, 26405, 26405, 26405},
    {26425, 26425, 26425, 26425, 26425}, {26445, 26445, 26445, 26445, 26459}, {26509, 26509, 26509, 26509, 26509},
    {26526, 26526, 26526, 26526, 26537}, {26584, 26584, 26584, 26584, 26584}, {26601, 26601, 26601, 26601, 26612},
    {26659, 26659, 26659, 26659, 26659}, {26676, 26676, 26676, 26676, 26687}, {26734, 26734, 26734, 26734, 26742},
    {26786, 26803, 26786, 26786, 26786}, {26856, 26856, 26856, 26856, 26856}, {26887, 26887, 26887, 26887, 26887},
    {26918, 26918, 26918, 26918, 26918}, {26935, 26935, 26935, 26935, 26935}, {26966, 26966, 26966, 26966, 26983},
    {27036, 27036, 27036, 27036, 27053}, {27106, 27106, 27106, 27106, 27117}, {27164, 27164, 27164, 27164, 27164},
    {27178, 27178, 27178, 27178, 27186}, {27230, 27230, 27230, 27230, 27230}, {27244, 27244, 27244, 27244, 27244},
    {27252, 27252, 27252, 27252, 27252}, {27266, 27266, 27266, 27266, 27266}, {27274, 27274, 27274, 27274, 27274},
    {27288, 27288, 27288, 27288, 27288},
};
LIST_FAST_TABLE uint16_t kMc33Inner[234][2] = {
    {17, 0}, {1536, 9}, {68, 2}, {273, 0}, {1058, 10}, {580, 6}, {1092, 2}, {546, 9}, {273, 4}, {1911, 12}, {1089, 0},
    {290, 8}, {532, 4}, {513, 0}, {1056, 5}, {72, 3}, {1096, 3}, {288, 5}, {528, 4}, {257, 0}, {1026, 1}, {584, 6},
    {49, 0}, {1032, 3}, {76, 6}, {258, 1}, {28, 4}, {18, 1}, {640, 7}, {1028, 2}, {770, 1}, {132, 2}, {1025, 0},
    {544, 5}, {1296, 4}, {34, 1}, {136, 3}, {290, 1}, {648, 7}, {1041, 10}, {1160, 3}, {290, 5}, {529, 9}, {1979, 12},
    {1154, 1}, {552, 5}, {273, 8}, {50, 1}, {140, 7}, {44, 5}, {196, 2}, {514, 1}, {193, 0}, {200, 3}, {592, 9},
    {130, 1}, {336, 8}, {255, 12}, {65, 0}, {40, 3}, {20, 2}, {194, 1}, {260, 2}, {264, 3}, {2304, 8}, {2050, 1},
    {320, 6}, {36, 2}, {2082, 11}, {66, 1}, {272, 4}, {2592, 5}, {532, 2}, {321, 6}, {2088, 11}, {2113, 0}, {296, 8},
    {2941, 12}, {2116, 2}, {552, 9}, {772, 2}, {2056, 3}, {2058, 11}, {522, 9}, {2084, 5}, {2576, 4}, {3080, 3},
    {33, 0}, {516, 2}, {532, 9}, {3076, 2}, {3855, 12}, {520, 3}, {2052, 2}, {2072, 4}, {2068, 4}, {386, 8}, {276, 2},
    {1089, 6}, {2178, 11}, {3543, 12}, {2116, 6}, {1154, 10}, {1344, 6}, {2176, 7}, {2208, 11}, {1184, 10}, {2688, 7},
    {1088, 6}, {1089, 10}, {769, 0}, {2112, 6}, {4080, 12}, {1152, 7}, {2624, 6}, {2184, 3}, {1058, 5}, {580, 9},
    {546, 1}, {2184, 7}, {1092, 10}, {3822, 12}, {552, 3}, {1154, 7}, {2116, 11}, {80, 4}, {160, 5}, {1475, 6},
    {3276, 3}, {4095, 12}, {2764, 7}, {2620, 4}, {5, 0}, {10, 1}, {826, 1}, {2180, 7}, {3274, 3}, {289, 5}, {2645, 9},
    {3006, 12}, {825, 0}, {822, 1}, {3563, 12}, {2730, 9}, {1427, 4}, {821, 0}, {2120, 6}, {1379, 6}, {2184, 11},
    {3269, 0}, {536, 4}, {2730, 11}, {3805, 12}, {3270, 1}, {3273, 0}, {296, 3}, {2645, 11}, {3274, 1}, {548, 5},
    {826, 3}, {1153, 7}, {2620, 5}, {321, 8}, {2764, 6}, {2178, 1}, {276, 8}, {529, 0}, {1160, 10}, {1331, 4},
    {648, 9}, {828, 3}, {2113, 11}, {2088, 5}, {1041, 4}, {386, 7}, {2068, 11}, {776, 3}, {1104, 10}, {2128, 11},
    {24, 3}, {1408, 7}, {129, 0}, {35, 5}, {131, 7}, {56, 3}, {2049, 0}, {384, 7}, {2064, 4}, {2053, 11}, {517, 9},
    {2177, 0}, {3276, 2}, {1706, 10}, {2389, 8}, {768, 8}, {3072, 10}, {853, 8}, {536, 3}, {1443, 7}, {1153, 0},
    {2652, 4}, {1090, 1}, {2732, 5}, {822, 2}, {938, 8}, {3242, 11}, {3242, 10}, {938, 9}, {3270, 2}, {274, 1},
    {2732, 7}, {289, 0}, {2652, 6}, {2120, 3}, {1443, 5}, {3157, 10}, {2474, 8}, {1621, 10}, {828, 2}, {52, 2},
    {3073, 0}, {1312, 5}, {3074, 1}, {2114, 1}, {2080, 5}, {392, 8}, {416, 8}, {672, 9}, {642, 9}, {1156, 2}, {644, 7},
    {1040, 4}, {1064, 10}, {576, 6},
};
LIST_FAST_TABLE char kMc33Patches[] =
    "cabifcjeeabiciecbcfcjfcaaeidfjeaaedejdadidficaakgbifeaaigifgfbgbkgcaakgcjemdaaabacaknanmkgokongamgmocjncnojemjmnec"
    "oeomeaakekgjgcjkjedaakgbifcjendaaabacaknanmkgokongamgmocjncnojemjmnecoeombiffaakgbiciecbcfcjfpdadaeafaknanmkgokong"
    "amgmobimbmniemecoeomcjojfnjnofbnfaaigifgfbgbkgcjepdagahaicjncnmjeojonecmemoaioifninofbnbkmbmnkgmgaogomjbajaimiemec"
    "mcjmjfmfbmbkmkgmgamfaakekgjgcjkjebifjbajakmkgmgcmcjmjfmfbmbimiemeamjbajaimifmfbmbkmkgmgcmcjmjemeamfaaiebkfkgckcfcj"
    "fpdakalamainanmieoioneamemobkmbmnkgmgcogomcjojfnjnofbncaakgdfjmdanaoapaknanmkgokongamgmodfndnofjmfmnjdojomdadfjeig"
    "ikgndaqarasdfndnmfjofonjdmjmoeinenoikmimnkgmgeogomfadfidigikgdgjgejdaakgbidijdndatauavaknanmkgokongamgmobimbmnijoi"
    "omjdodbndnofaaigijgjdgdbgbkgdaakgcdedfendawaxacaknanmkgokongamgmocdncnodfmdmnfemecoeomfaakekgdgcdkdedfeeaakgbidied"
    "ecdodadauayaknanmkgokongamgmobimbmniemecoeomcdodbndnogaaigiedecdidgdbgbkggaakekgdgcdkdedbebieeaaiebkdkgdgcdodakazb"
    "aainanmieoioneamemobkmbmnkgmgcogomcdodbndnocaaeibhkeaaekeihibhehkcabhkcjemdbbbcbdbhnbnmhkohonkbmkmocjncnojemjmneco"
    "eomdaacicjibhkndbebfbgbhnbnmhkohonkbmkmoacnanocjmcmnjimiaoiomfaackcjhjihibhchkdacjefhihkindbfbhbicjncnmjeojonecmem"
    "ofhmfmnhkohomkioifninofacjfcfkfhkckekiecabhkdfjmdbjbkabbhnbnmhkohonkbmkmodfmdmnfjofomjdnjnoeabfkfjkjdkdhkdaaeibhkd"
    "fjndbjbkabaeibhnbnmhkohonkbmkmodfmdmnfjofomjdnjnofaaedejdadidfibhkpdblbmbnbhnbnmhkohonkbmkmoaeoejnenojdndfmdmnfimi"
    "aoiomfaaekeihibhehkdfjpdbobpbqdfndnmfjofonjdmjmoaeoeinenoibnbhmbmnhkmkaokomjbbraemejmjdmdfmfimibmbhmhkmkamfaaeibfk"
    "fjkjdkdhkjbbraemejmjdmdhmhkmkbmbfmfimiamjbbraemeimibmbfmfjmjdmdhmhkmkamfaaekejdedkdhkbfipdbsbtbubfnbnmfiofonibmimo"
    "aeoejnenojdndhmdmnhkmkaokomdabhkcdedfendbvbkbdbhnbnmhkohonkbmkmocdncnodfmdmnfemecoeomfabfkfekeckcdkdhkeaacicdidfib"
    "hkodblbwbgbhnbnmhkohonkbmkmoacnanocdndfmdmnfimiaoiomgaackcdidficihibhchkgaacicdkdhkckfkbfcfieaackcdkdhkbfiodbsbxat"
    "bfnbnmfiofonibmimoacnanocdndhmdmnhkmkaokomdaabgbhgcjendbybzaacjncnmjeojonecmemoabnanobhmbmnhgmgaogomfaabebhjhgjgcj"
    "bjeeaaigifhihgcjeodbybhaicjncnmjeojonecmemoaioifninofhmfmnhgmgaogomgaaigiecichcjhjfhihggaaihifhahjhgjgcjajeeaaiecj"
    "gjfhjhgodcaaramainanmieoioneamemocjojfnjnofhmfmnhgmgcogomdaabgbhgdfjndcbbjandfndnmfjofonjdmjmoabnanobhmbmnhgmgaogo"
    "mfaabgbfjbjgjdgdhgeabhihgigeidfjodbkbpccdfndnmfjofonjdmjmobhmbmnhgohomgeoeinenoibngabhihgigedejdgdidfigabfjbjgjdgd"
    "hgbgigeieabfidhjhgjgejodcdbtcebfnbnmfiofonibmimodhmdmnhgohomgeoejnenojdneaabgbhgcdedfeqeaabjbkacabnanmbhobonhgphpo"
    "gamgmpcdocopdfndnofemfmnecpepmibcfabmbhmhgmgcmcdmdfmfemeamibcfabmbfmfemecmcdmdhmhgmgameaabebfecdgdhgqecgcdchciabna"
    "nmbfobonfepfpoeamempcdocopdhndnohgmhmngcpgpmfabhihgigcicdidfidabficdgdhgndcjchckbfnbnmfiofonibmimocdncnodhmdmnhgmg"
    "cogomfaaigiedecdidgdhgdaaiecdgdhgndcaclciainanmieoioneamemocdncnodhmdmnhgmgcogomcaaeicglmdcgcicmaenanmeioeoniamimo"
    "cgmcmnglogomlcnlnoeaagiglilciceicabifcglmdcncocpbinbnmifoionfbmfmocgncnoglmgmnlcolomdaaebefbcglndcicgcqcgncnmglogo"
    "nlcmlmoaemamnefoeomfbobanbnofaagbglblcelebefbdabifegjgljndcrcsctbinbnmifoionfbmfmoegmemnglogomljojenjnofabiebelegl"
    "blfljfcacgldfjeacgjglfldfgfjdaaeicgldfjndcgcicmaenanmeioeoniamimocgmcmnglogomlcnlnodfjfaaedejdadidficglpdcucvcwcgn"
    "cnmglogonlcmlmoaemamnejmjdojomdfofinfnoianfaaeicgjglfldfgfjpdcxamcyaenanmeioeoniamimocgmcmnglmldolomdfofjnfnojcnjb"
    "czaemejmjcmcgmglmldmdfmfimiamfaagiglilciceidfjjbczagmglmlcmcemejmjdmdfmfimiamjbczagmglmldmdfmfjmjcmcemeimiamfaagig"
    "ldgdidficejpddaaidbcencnmejoeonjcmjmoagmamnglmldolomdfofinfnoiandabidijdcglnddccrddcgncnmglogonlcmlmobimbmnijmjdoj"
    "omdbndnofabidijgjcgigdgldeaaebejbjdbcglodcucgdecgncnmglogonlcmlmoaemamnejmjdojomdbobanbnogaaebejbjcgjgbglbldbgaagb"
    "glblcelebejbjdbeaagbglbldbcejoddaaadfcencnmejoeonjcmjmoagmamnglmldolomdbobanbnodaakcklcbifndauatdgbinbnmifoionfbmf"
    "moakmamnklokomlcocancnofaaicifcfbkfkcklceaakekleljebifodaubuctbinbnmifoionfbmfmoakmamnklokomljojenjnoeangaakeklelj"
    "bjfblbebiegaaifaflfblbklaleljeeaaiebkfklfljfodbgaldhainanmieoioneamemobkmbmnklokomljojfnjnofbndaakcklcdfjnddidjdkd"
    "fndnmfjofonjdmjmoakmamnklmlcolomcancnofaakcklfldfkfcfjceaceleikekldfjoddiardldfndnmfjofonjdmjmoceoeinenoikmimnklml"
    "colomgacelejdedkdfkfikeklgacekeikckfklfldfcfjeacejdflfikfkloddmcsdbcencnmejoeonjcmjmodfofinfnoikmimnklmldolomeaakc"
    "klcbidijdqeataudddkaknanmklokonlcplpocamcmpbimbmnijpipmjdojopdbndnoibdnaimijmjdmdbmbkmklmlcmcamibdnakmklmldmdbmbim"
    "ijmjcmcameaaicijcbkdkldqebgazdodpainanmijoionjcpjpocamcmpbkmbmnklpkpmldolopdbndnofabkdklelcekedejddabkdkldcejnddmb"
    "bdocencnmejoeonjcmjmobkmbmnklmldolomdbndnofaakekleldedbebiedaaiebkdkldndbgazdqainanmieoioneamemobkmbmnklokomldodbn"
    "dnocabhkcgleabhchlcbckcgkdaaeibhkcglndcgcicmaenanmeioeoniamimocgmcmnglogomlcnlnobhkfaaeibhchlcbckcgkpdakdrdsaenanm"
    "eioeoniamimobhohlnhnolcncgmcmngkmkbokomfaaekeihibhehkcglpddtdudvcgncnmglogonlcmlmoaemamneimiboiombhohknhnokanjbdwa"
    "emeimibmbhmhlmlcmcgmgkmkamfaagiglilciceibhkjbdwagmgkmkbmbhmhlmlcmcemeimiamjbdwagmglmlcmcemeimibmbhmhkmkamfaagkbhih"
    "lchciceipdaddxdyagnanmgkogonkamkmobhohlnhnolcncemcmneimiboiomdacglfhihkindcpdzeacgncnmglogonlcmlmofhofomhknhnokini"
    "fmimnfacgkckfkifcflfhleaaekefkfhkcglodciduebcgncnmglogonlcmlmoaemamnefoeomfhohknhnokangaaekefkfhchlcfckcgkgaaglalf"
    "lcfcefafkfhkeaagkceleflfhlodaadxecagnanmgkogonkamkmocemcmnefoeomfhohlnhnolcndabhkegjgljndbbedeebhnbnmhkohonkbmkmoe"
    "goeomglngnoljnjemjmnfabhlbleljebekegkeaagigljgjibhkodbeeaefbhnbnmhkohonkbmkmoagoglngnoljmlmnjimiaoiomgaagigkbgbjbh"
    "jhljgjigaagjgljajhjihibhahkeaagkbhihljhjiodegehdyagnanmgkogonkamkmobhohlnhnoljmlmnjimiboiomeaegjgljfhihkiqecseeeab"
    "hegnenmglogonljplpojemjmpfhofophknhnokimkmnifpipmibeiegmglmljmjfmfhmhkmkimiemibeiegmgkmkimifmfhmhlmljmjemeaegigkif"
    "hjhljqeasehejaregnenmgkogonkipkpoiemimpfhofophlnhnoljmlmnjfpjpmfaaglalfljfafkfhkdaagkfhjhljnddjekejagnanmgkogonkam"
    "kmofhofomhlnhnoljnjfmjmndabhkcgldfjndbjbkabbhnbnmhkohonkbmkmodfmdmnfjofomjdnjnocglfabhchlcbckcgkdfjpdelemendfndnmf"
    "jofonjdmjmobhmbmnhlmlcolomcgogkngnokbnfabhkcgjglfldfgfjpdeoepeqbhnbnmhkohonkbmkmocgoglngnoldndfmdmnfjmjcojomjberbh"
    "mhlmldmdfmfjmjcmcgmgkmkbmfabfkfjkjdkdhkcgljberbfmfjmjdmdhmhlmlcmcgmgkmkbmjberbfmfjmjcmcgmglmldmdhmhkmkbmfabfkfjcfc"
    "kcgkdhlpdeseteudhndnmhlohonldmlmobfmbmnfjmjcojomcgogkngnokbneaaeibhkcgldfjodcgcicmaenanmeioeoniamimocgmcmnglogomlc"
    "nlnobhkdfjodbjbkabaeibhnbnmhkohonkbmkmodfmdmnfjofomjdnjnocglgaaedejdadidfibhkcglqdcucvcwcgncnmglogonlcmlmoaemamnej"
    "mjdojomdfofinfnoianbhkqdblbmbnbhnbnmhkohonkbmkmoaeoejnenojdndfmdmnfimiaoiomcglgaaeibhchlcbckcgkdfjqdakdrdsaenanmei"
    "oeoniamimobhohlnhnolcncgmcmngkmkbokomdfjqdelemenaeidfndnmfjofonjdmjmobhmbmnhlmlcolomcgogkngnokbniaaedejdadidfibhch"
    "lcbckcgkygbgevdkddewazaenanmejoeonjdpjpodfqdqpfirfrqiamimrbhqbqrhlphpqlcolopcgncnogkmgmnkbrkrmgaaekeihibhehkcgldfj"
    "qddtdudvcgncnmglogonlcmlmoaemamneimiboiombhohknhnokandfjqdbobpbqdfndnmfjofonjdmjmoaeoeinenoibnbhmbmnhkmkaokomcglkb"
    "braemejmjdmdfmfimibmbhmhkmkamcglsdcuexcwcgncnmglogonlcmlmoaemamnejmjdojomdfofinfnoibnbhnhknkankbdwaemeimibmbhmhlml"
    "cmcgmgkmkamdfjsdeybpbqdfndnmfjofonjdmjmoaeoeinenoibnbhmbmnhlmlcmcgmgkmkaokommbezaemejmjdmdfmfimibmbhmhlmlcmcgmgkmk"
    "amgaaeibhkcgjglfldfgfjqdcxamcyaenanmeioeoniamimocgmcmnglmldolomdfofjnfnojcnbhkqdeoepeqaeibhnbnmhkohonkbmkmocgoglng"
    "noldndfmdmnfjmjcojomkbczaemejmjcmcgmglmldmdfmfimiambhksdblfabnbhnbnmhkohonkbmkmoaeoejnenojcncgnglnldndfmdmnfimiaoi"
    "omkberaeibhmhlmldmdfmfjmjcmcgmgkmkbmsdakfbdsaenanmeioeoniamimobhohlnhnoldndfnfjnjcncgmcmngkmkbokommbezaemejmjcmcgm"
    "gkmkbmbhmhlmldmdfmfimiamiaaekeihibhehkcgjglfldfgfjygfcasarfdeaeeaenanmeioeonibpipobhqbqphkrhrqkamkmrcgrcrmglqgqrld"
    "plpqdfodopfjnfnojcmjmnmbezaemejmjcmcgmglmldmdfmfimibmbhmhkmkammbezaemeimibmbhmhlmldmdfmfjmjcmcgmgkmkamiaaekejkjckc"
    "gkbhihlildidfigaagiglilciceibhkdfjqdbjbkabagiglilciceibhnbnmhkohonkbmkmodfmdmnfjofomjdnjnokbczagmglmlcmcemejmjdmdf"
    "mfimiambhksdfeffefbhnbnmhkohonkbmkmoagoglngnolcncemcmnejmjdmdfmfimiaoiomkbdwagmgkmkbmbhmhlmlcmcemeimiamdfjsdfgfhdl"
    "dfndnmfjofonjdmjmoagmamngkmkbmbhmhlmlcolomceoeinenoianmbezagmgkmkbmbhmhlmlcmcemejmjdmdfmfimiamkbdwagmglmlcmcemeimi"
    "bmbhmhkmkamdfjsdbobpfidfndnmfjofonjdmjmoagoglolcoceoeinenoibnbhmbmnhkmkaokommbezagmglmlcmcemejmjdmdfmfimibmbhmhkmk"
    "amgaagkbhihlchciceidfjqdelbpdlagkdfndnmfjofonjdmjmobhmbmnhlmlcolomceoeinenoibnqdaddxdyagnanmgkogonkamkmobhohlnhnol"
    "cncemcmneimiboiomdfjkbfjagkbhmhlmlcmcemejmjdmdfmfimibmsdfkdxdyagnanmgkogonkamkmobhohlnhnolcncemcmnejmjdmdfmfimiboi"
    "omkbczagmglmldmdfmfjmjcmcemeimiambhksdflepefbhnbnmhkohonkbmkmoagoglngnoldndfmdmnfjmjcmcemeimiaoiomgaagigldgdidfibh"
    "kcejqdblepefbhnbnmhkohonkbmkmoagoglngnoldndfmdmnfimiaoiomcejqddaaidbcencnmejoeonjcmjmoagmamnglmldolomdfofinfnoianb"
    "hkmbezagmgkmkbmbhmhlmldmdfmfjmjcmcemeimiamkbfmagmgkmkbmbhmhlmldmdfmfimiamcejsdagaifncencnmejoeonjcmjmoagmamngkmkbo"
    "kombhohloldodfofinfnoianmbezagmglmldmdfmfjmjcmcemeimibmbhmhkmkamkbfmagmglmldmdfmfimibmbhmhkmkamcejsddafodbcencnmej"
    "oeonjcmjmoagmamnglmldolomdfofinfnoibnbhnhknkankbfjagkbhmhlmldmdfmfjmjcmcemeimibmsdfpfqdyagnanmgkogonkamkmobhohlnhn"
    "oldndfmdmnfjmjcmcemeimiboiomgaagkbhihlildidficejqdaaacabagnanmgkogonkamkmocemcmnejoeomjcnjnobhihlildidfigaaeibfkfj"
    "kjdkdhkcglqdcgcicmaenanmeioeoniamimocgmcmnglogomlcnlnobfkfjkjdkdhkkbbraemejmjdmdhmhkmkbmbfmfimiamcglsdcufrfscgncnm"
    "glogonlcmlmoaemamnejmjdojomdhohknhnokbnbfnfiniankberaeibfmfjmjdmdhmhlmlcmcgmgkmkbmsdftfualaenanmeioeoniamimobfofjn"
    "fnojdndhmdmnhlmlcmcgmgkmkbokommbezaemejmjdmdhmhlmlcmcgmgkmkbmbfmfimiamkbbraemeimibmbfmfjmjdmdhmhkmkamcglsddtdufvcg"
    "ncnmglogonlcmlmoaemamneimiboiombfofjojdodhohknhnokangaaekejdedkdhkbficglqdcudufscgncnmglogonlcmlmoaemamnejmjdojomd"
    "hohknhnokanbfiqdbsbtbubfnbnmfiofonibmimoaeoejnenojdndhmdmnhkmkaokomcglmbezaemeimibmbfmfjmjdmdhmhlmlcmcgmgkmkamkbfw"
    "aemejmjdmdhmhlmlcmcgmgkmkambfisdfxbtbubfnbnmfiofonibmimoaeoejnenojdndhmdmnhlmlcmcgmgkmkaokomkberaeibfmfjmjcmcgmglm"
    "ldmdhmhkmkbmsdfyamalaenanmeioeoniamimobfofjnfnojcncgmcmnglmldmdhmhkmkbokommbezaemejmjcmcgmglmldmdhmhkmkbmbfmfimiam"
    "gaaeibfkfjcfckcgkdhlqdakamalaenanmeioeoniamimobfofjnfnojcncgmcmngkmkbokomdhlqdeseteuaeidhndnmhlohonldmlmobfmbmnfjm"
    "jcojomcgogkngnokbnkbajaemejmjcmcgmgkmkbmbfmfimiamdhlsdfzetgadhndnmhlohonldmlmoaeoejojcocgogkngnokbnbfmbmnfimiaoiom"
    "mbezaemeimibmbfmfjmjcmcgmglmldmdhmhkmkamkbfwaemejmjcmcgmglmldmdhmhkmkambfisdgbgcbubfnbnmfiofonibmimoaeoejnenojcncg"
    "mcmnglmldmdhmhkmkaokomkbajaemeimibmbfmfjmjcmcgmgkmkamdhlsdgdgeeudhndnmhlohonldmlmoaemamneimibmbfmfjmjcojomcgogkngn"
    "okangaaekejkjckcgkbfidhlqdcdchcmaekejkjckcgkbfnbnmfiofonibmimodhmdmnhlohomldnlnoiaagiglilciceibfkfjkjdkdhkmbezagmg"
    "lmlcmcemejmjdmdhmhkmkbmbfmfimiammbezagmgkmkbmbfmfjmjdmdhmhlmlcmcemeimiamiaagigkfkbfgficelejhjdhehlygfcehejfdbhcsag"
    "nanmgkogonkbpkpobfqbqpfirfrqiamimrcercrmejqeqrjdpjpqdhodophlnhnolcmlmnmbezagmglmlcmcemeimibmbfmfjmjdmdhmhkmkamkbfw"
    "agmglmlcmcemejmjdmdhmhkmkambfisdbsgfggbfnbnmfiofonibmimoagoglngnolcncenejnjdndhmdmnhkmkaokomkbfjagkbfmfjmjdmdhmhlm"
    "lcmcemeimibmsdadghaeagnanmgkogonkamkmobfofjnfnojdndhnhlnlcncemcmneimiboiomgaagkbficelejhjdhehlqdgibtgjagkbfnbnmfio"
    "fonibmimoceoejnenojdndhmdmnhlmlcolomqdgkdxglagnanmgkogonkamkmocemcmnejmjdojomdhohlnhnolcnbfimbezagmglmldmdhmhkmkbm"
    "bfmfjmjcmcemeimiamkbfmagmglmldmdhmhkmkbmbfmfimiamcejsddagmgncencnmejoeonjcmjmoagmamnglmldolomdhohknhnokbnbfnfinian"
    "kbajagmgkmkbmbfmfjmjcmcemeimiamdhlsdgoetgpdhndnmhlohonldmlmoagogkngnokbnbfmbmnfjmjcmcemeimiaoiomgaagigkfkbfgficejd"
    "hlqdfzetgpdhndnmhlohonldmlmoagogkngnokbnbfmbmnfimiaoiomcejqdagaiahcencnmejoeonjcmjmoagmamngkmkbokombfofinfnoiandhl"
    "iaagdgldadkdhkbfcfjcbciceiygatevdpdoewauagnanmglogonldplpodhqdqphkrhrqkamkmrbfqbqrfjpfpqjcojopcencnoeimemnibrirmga"
    "agdgldadkdhkbficejqdbsgqggbfnbnmfiofonibmimoagoglngnoldndhmdmnhkmkaokomcejqddagrgncencnmejoeonjcmjmoagmamnglmldolo"
    "mdhohknhnokanbfigaagkbfcfjcbciceidhlqdesgsgtagkdhndnmhlohonldmlmobfmbmnfjmjcojomceoeinenoibnqdadafaeagnanmgkogonka"
    "mkmobfofjnfnojcncemcmneimiboiomdhleaagkbficejdhlodcdchcmagkbfnbnmfiofonibmimodhmdmnhlohomldnlnocejodaaacabagnanmgk"
    "ogonkamkmocemcmnejoeomjcnjnobfidhleacgldhjhkihijoddceefscgncnmglogonlcmlmodhohknhnokimkmnijmjdojomgacgigkicihijhjd"
    "hchlgacgjgldgdidhihkigijeacgjgkigijdhlodguejeudhndnmhlohonldmlmocgogkngnokimkmnijmjcojomfaaekejdedkdhkcglpdcudufsc"
    "gncnmglogonlcmlmoaemamnejmjdojomdhohknhnokanjbfwaemejmjdmdhmhlmlcmcgmgkmkamjbfwaemejmjcmcgmglmldmdhmhkmkamfaaekejk"
    "jckcgkdhljbfwagmglmlcmcemejmjdmdhmhkmkamfaagkcelejhjdhehlpdgkdxglagnanmgkogonkamkmocemcmnejmjdojomdhohlnhnolcnfaag"
    "dgldadkdhkcejpddagrgncencnmejoeonjcmjmoagmamnglmldolomdhohknhnokandaagkcejdhlndaaacabagnanmgkogonkamkmocemcmnejoeo"
    "mjcnjnodhleabhkdflfeleglodbjepgvbhnbnmhkohonkbmkmodfmdmnfeofomegoglngnoldngabhlbleldedfebekegkgabfkfekegdgldedkdhk"
    "eabfkfekegkdhlodchetgwdhndnmhlohonldmlmobfmbmnfeofomegogkngnokbnfaagigldgdidfibhkpdblepefbhnbnmhkohonkbmkmoagoglng"
    "noldndfmdmnfimiaoiomjbfmagmgkmkbmbhmhlmldmdfmfimiamjbfmagmglmldmdfmfimibmbhmhkmkamfaagkbhihlildidfijbfmagmglmldmdh"
    "mhkmkbmbfmfimiamfaagigkfkbfgfidhlpdfzetgpdhndnmhlohonldmlmoagogkngnokbnbfmbmnfimiaoiomfaagdgldadkdhkbfipdbsgqggbfn"
    "bnmfiofonibmimoagoglngnoldndhmdmnhkmkaokomdaagkbfidhlndcdchcmagkbfnbnmfiofonibmimodhmdmnhlohomldnlnofadhkdkekiedel"
    "egldadhlegigkindgxgyehdhndnmhlohonldmlmoegoeomgkngnokiniemimneaagdgldadkdhkcaagkdhlfaaifaflfhlaleljedaaiefhjhljndg"
    "zardhainanmieoioneamemofhmfmnhlohomljojfnjnoeaabhahchlcdfjodelhadkdfndnmfjofonjdmjmoabnbhmbmnhlmlcolomcancnogaablb"
    "hlalfldfafcfjcgaabjbfjajhjdhahchlceaabfafcfjcdhlodeshbdpdhndnmhlohonldmlmoabnbfmbmnfjmjcojomcancnofabhihlchciceidf"
    "jpdelbpdldfndnmfjofonjdmjmobhmbmnhlmlcolomceoeinenoibnjbfjbhmhlmlcmcemejmjdmdfmfimibmjbfjbhmhlmldmdfmfjmjcmcemeimi"
    "bmfabhihlildidficejjbfjbfmfjmjdmdhmhlmlcmcemeimibmfabficelejhjdhehlpdgibtgjbfnbnmfiofonibmimoceoejnenojdndhmdmnhlm"
    "lcolomfabfcfjcbciceidhlpdesgsgtdhndnmhlohonldmlmobfmbmnfjmjcojomceoeinenoibndabficejdhlndcdchcmbfnbnmfiofonibmimod"
    "hmdmnhlohomldnlnocejfaaicijhjdhihchlcdaaicijcdhlndgugzdpdhndnmhlohonldmlmoaimamnijmjcojomcancnoeacelejhjdhehlcacej"
    "dhlfaabebhlbleldedfedaabebfedhlndhccdhddhndnmhlohonldmlmoabnanobfmbmnfemeaoeomeabhihlildidficabfidhlmdcdchcmbfnbnm"
    "fiofonibmimodhmdmnhlohomldnlnocaaiedhlmdhdhegxainanmieoioneamemodhndnohlmhmnldolomcaaeidlhmdgzhfclaenanmeioeoniami"
    "modlndnolhmlmnhdohomcabifdlhmdcdcmchbinbnmifoionfbmfmodlndnolhmlmnhdohomeabihiflfdlilhdaaebefbdlhndhchdcddlndnmlho"
    "lonhdmhmoaemamnefmfbofombanbnofaaebeflfdlelblhbcacjedlheaclelhehdedjedaacicjidlhndgudpgzdlndnmlholonhdmhmoacnanocj"
    "mcmnjimiaoiomfaaciclhchihdidjidabifcjedlhndcdcmchbinbnmifoionfbmfmodlndnolhmlmnhdohomcjefabiciecbcfcjfdlhpdesgtgsd"
    "lndnmlholonhdmhmobioieninoecncjmcmnjfmfbofomfabifclelhehdedjepdgigjbtbinbnmifoionfbmfmoclmcmnlhmhdohomdjojenjnoecn"
    "jbfjbimiemecmclmlhmhdmdjmjfmfbmfabihiflfdlilhcjejbfjbimiemecmcjmjfmfdmdlmlhmhbmjbfjbimifmfdmdjmjemecmclmlhmhbmfabi"
    "hiecichclhdjfpdeldlbpdjndnmjfojonfdmfmobioieninoecnclmcmnlhmhbohomeaacjajbjfbdlhodeshgcddlndnmlholonhdmhmoacncjmcm"
    "njfmfbofombanbnogaachclhahjhdjajbjfbgaacfcjfaflfdlalblhbeaaclalblhbdjfodelhhbjdjndnmjfojonfdmfmoacnclmcmnlhmhbohom"
    "banbnodaaeifjhjlhndhiasaraenanmeioeoniamimofjnfnojlmjmnlhmhfohomfaaejajhjlhahihficaakgdlheaakdkhdadgdlgdadlheigikg"
    "ndgxehgydlndnmlholonhdmhmoeioeomikokgnknogemgmnfadlgdgigeidihikhdaakgbifdlhndcdcmchakgbinbnmifoionfbmfmodlndnolhml"
    "mnhdohomfaakdkhdadgdlgbifpdbsgggqbinbnmifoionfbmfmoakmamnkhmhdohomdlolgnlnoganfaaigifgfbgbkgdlhpdfzgpetdlndnmlholo"
    "nhdmhmoaimamnifmfbofombkokgnknoganjbfmaimifmfbmbkmkhmhdmdlmlgmgamfaakgbihiflfdlilhjbfmakmkhmhbmbimifmfdmdlmlgmgamj"
    "bfmaimifmfdmdlmlhmhbmbkmkgmgamfaaigifdidgdlgbkhpdblefepbknbnmkhokonhbmhmoaimamnifmfdofomdlolgnlnoganeabkfkgekefdlh"
    "odhcehetdlndnmlholonhdmhmobkokgnknogemgmnefmfbofomgabkfkhdkdedlelgekefgabkekgebeleflfdlblheabkhdlflgelefodbveeepbk"
    "nbnmkhokonhbmhmodlolgnlnogemgmnefmfdofomdaakgcjedlhndaaabacaknanmkgokongamgmocjncnojemjmnecoeomdlhfaakdkhdadgdlgcj"
    "epddagngrcjncnmjeojonecmemoakokhnknohdndlmdmnlgmgaogomfaakgclelhehdedjepdgkgldxaknanmkgokongamgmoclolhnlnohdndjmdm"
    "njemecoeomjbfwakmkhmhdmdjmjemecmclmlgmgamfaakekgjgcjkjedlhjbfwakmkhmhdmdlmlgmgcmcjmjemeamjbfwakmkgmgcmclmlhmhdmdjm"
    "jemeamfaakekhdkdedjeclgpdcufsduclncnmlgolongcmgmoakokhnknohdndjmdmnjemeaoeomeacjgjigikgdlhoddoeugydlndnmlholonhdmh"
    "mocjmcmnjiojomikokgnknogcngacjgjigikdkhdidgdlggaclhchihdidjicigikgeaclgdjhjihikhoddkfsdzclncnmlgolongcmgmodjmdmnji"
    "ojomikokhnknohdneaakgbifcjedlhodcdcmchakgbinbnmifoionfbmfmodlndnolhmlmnhdohomcjeodaaabacaknanmkgokongamgmocjncnoje"
    "mjmnecoeombifdlhgaakgbiciecbcfcjfdlhqdesgtgsakgdlndnmlholonhdmhmobioieninoecncjmcmnjfmfbofomqdadaeafaknanmkgokonga"
    "mgmobimbmniemecoeomcjojfnjnofbndlhgaakdkhdadgdlgbifcjeqdbsgggqbinbnmifoionfbmfmoakmamnkhmhdohomdlolgnlnogancjeqdda"
    "gngrcjncnmjeojonecmemoakokhnknohdndlmdmnlgmgaogombifiaakdkhdadgdlgbiciecbcfcjfygatauewdodpevaknanmkhokonhdphpodlqd"
    "qplgrlrqgamgmrbimbmnierirmecqeqrcjpcpqjfojopfbnfnogaaigifgfbgbkgcjedlhqdfzgpetdlndnmlholonhdmhmoaimamnifmfbofombko"
    "kgnknogancjeqdagahaicjncnmjeojonecmemoaioifninofbnbkmbmnkgmgaogomdlhkbajaimiemecmcjmjfmfbmbkmkgmgamdlhsdgogpetdlnd"
    "nmlholonhdmhmoaimamniemecmcjmjfmfbofombkokgnknogankbfmaimifmfbmbkmkhmhdmdlmlgmgamcjesdhjahaicjncnmjeojonecmemoaioi"
    "fninofbnbkmbmnkhmhdmdlmlgmgaogommbezaimiemecmcjmjfmfbmbkmkhmhdmdlmlgmgamgaakgbifclelhehdedjeqdgigjbtakgbinbnmifoio"
    "nfbmfmoclmcmnlhmhdohomdjojenjnoecnqdgkgldxaknanmkgokongamgmoclolhnlnohdndjmdmnjemecoeombifkbfjakgbimiemecmclmlhmhd"
    "mdjmjfmfbmsdadhkdxaknanmkgokongamgmobimbmniemecoeomclolhnlnohdndjnjfnfbnkbfwakmkhmhdmdjmjemecmclmlgmgambifsdbshlbt"
    "binbnmifoionfbmfmoakmamnkhmhdohomdjojenjnoecnclnlgnganmbezakmkhmhdmdjmjfmfbmbimiemecmclmlgmgamiaaigifgfbgbkgclelhe"
    "hdedjeygaahmchcdhnacainanmifoionfbpfpobkqbqpkgrkrqgamgmrclqcqrlhplpqhdohopdjndnojemjmnecrermmbezaimiemecmclmlhmhdm"
    "djmjfmfbmbkmkgmgammbezaimifmfbmbkmkhmhdmdjmjemecmclmlgmgamiaaigieleclilgbkfkhjhdjkjfgaakekgjgcjkjebifdlhqdcdcmchak"
    "ekgjgcjkjebinbnmifoionfbmfmodlndnolhmlmnhdohomkbajakmkgmgcmcjmjfmfbmbimiemeamdlhsdgdeugedlndnmlholonhdmhmoakokgnkn"
    "ogcncjmcmnjfmfbmbimiemeaoeomkbfwakmkhmhdmdlmlgmgcmcjmjemeambifsdbshogqbinbnmifoionfbmfmoakmamnkhmhdohomdlolgnlnogc"
    "ncjnjeneanmbezakmkhmhdmdlmlgmgcmcjmjfmfbmbimiemeamkbajaimifmfbmbkmkgmgcmcjmjemeamdlhsdhpeuhqdlndnmlholonhdmhmoaioi"
    "fofbobkokgnknogcncjmcmnjemeaoeomgaaiebkfkgckcfcjfdlhqdeseuetaiedlndnmlholonhdmhmobkokgnknogcncjmcmnjfmfbofomqdakal"
    "amainanmieoioneamemobkmbmnkgmgcogomcjojfnjnofbndlhmbezaimifmfbmbkmkhmhdmdlmlgmgcmcjmjemeamkberaiebkmkhmhdmdlmlgmgc"
    "mcjmjfmfbmsdhralhsainanmieoioneamemobkmbmnkhmhdohomdlolgogcocjojfnjnofbnkbfwakmkgmgcmclmlhmhdmdjmjemeambifsdhtbuhu"
    "binbnmifoionfbmfmoakmamnkgmgcogomclolhohdodjojenjnoeanmbezakmkgmgcmclmlhmhdmdjmjfmfbmbimiemeamgaakekhdkdedjebifclg"
    "qdbsbubtbinbnmifoionfbmfmoakmamnkhmhdohomdjojenjnoeanclgqdcufsduclncnmlgolongcmgmoakokhnknohdndjmdmnjemeaoeombifkb"
    "brakmkhmhdmdjmjfmfbmbimiemeamclgsdhvfsduclncnmlgolongcmgmoakokhnknohdndjmdmnjfmfbmbimiemeaoeommbezaimifmfbmbkmkgmg"
    "cmclmlhmhdmdjmjemeamkberaiebkmkgmgcmclmlhmhdmdjmjfmfbmsdakhwdrainanmieoioneamemobkmbmnkgmgcogomclolhnlnohdndjnjfnf"
    "bnkbbraimifmfbmbkmkhmhdmdjmjemeamclgsdcuhxcvclncnmlgolongcmgmoaioifninofbnbknkhnhdndjmdmnjemeaoeomgaaiebkfkhjhdjkj"
    "fclgqdcgcmciainanmieoioneamemoclncnolgmlmngcogombkfkhjhdjkjfgaakgbihiflfdlilhcjeqdaaabacaknanmkgokongamgmocjncnoje"
    "mjmnecoeombihiflfdlilhkbfjakgbimiemecmcjmjfmfdmdlmlhmhbmsdadhyafaknanmkgokongamgmobimbmniemecoeomcjojfnjnofdndlnlh"
    "nhbnkbfmakmkhmhbmbimifmfdmdlmlgmgamcjesddahzgrcjncnmjeojonecmemoakokhnknohbnbinifnfdndlmdmnlgmgaogommbezakmkhmhbmb"
    "imiemecmcjmjfmfdmdlmlgmgamkbfmaimifmfdmdlmlhmhbmbkmkgmgamcjesdiadbaicjncnmjeojonecmemoaioifninofdndlmdmnlhmhbmbkmk"
    "gmgaogommbezaimiemecmcjmjfmfdmdlmlhmhbmbkmkgmgamgaaigifdidgdlgbkhcjeqddadbaicjncnmjeojonecmemoaioifninofdndlmdmnlg"
    "mgaogombkhqdblefepbknbnmkhokonhbmhmoaimamnifmfdofomdlolgnlnogancjekbczaimiemecmcjmjfmfdmdlmlgmgambkhsdibeficbknbnm"
    "khokonhbmhmoaimamniemecoeomcjojfofdodlolgnlnogankbfjakgbimifmfdmdjmjemecmclmlhmhbmsdiddyieaknanmkgokongamgmobimbmn"
    "ifmfdofomdjojeoecoclolhnlnohbngaakgbihiecichclhdjfqdaddydxaknanmkgokongamgmobimbmniemecoeomclolhnlnohbndjfqdeldlbp"
    "akgdjndnmjfojonfdmfmobioieninoecnclmcmnlhmhbohommbezakmkhmhbmbimifmfdmdjmjemecmclmlgmgamkbdwakmkhmhbmbimiemecmclml"
    "gmgamdjfsdifdligdjndnmjfojonfdmfmoakokhohbobioieninoecnclmcmnlgmgaogommbezaimifmfdmdjmjemecmclmlhmhbmbkmkgmgamkbdw"
    "aimiemecmclmlhmhbmbkmkgmgamdjfsdfgdlfhdjndnmjfojonfdmfmoaioieninoecnclmcmnlhmhbmbkmkgmgaogomkbczaimifmfdmdjmjemecm"
    "clmlgmgambkhsdblihbmbknbnmkhokonhbmhmoaimamnifmfdofomdjojenjnoecnclnlgngangaaigieleclilgbkhdjfqdbjabbkaigieleclilg"
    "bknbnmkhokonhbmhmodjndnojfmjmnfdofomiaakekgjgcjkjebihiflfdlilhmbezakmkgmgcmcjmjfmfdmdlmlhmhbmbimiemeammbezakmkhmhb"
    "mbimifmfdmdlmlgmgcmcjmjemeamiaakekhehbebiecjgjfgfdgdlgygcghnbkbjhmciaknanmkhokonhbphpobiqbqpierirqeamemrcjqcqrjfpj"
    "pqfdofopdlndnolgmlmngcrgrmmbezaimifmfdmdlmlhmhbmbkmkgmgcmcjmjemeamkberaiebkmkgmgcmcjmjfmfdmdlmlhmhbmsdakiiamainanm"
    "ieoioneamemobkmbmnkgmgcogomcjojfnjnofdndlnlhnhbnkbczaimifmfdmdlmlgmgcmcjmjemeambkhsdblijepbknbnmkhokonhbmhmoaimamn"
    "ifmfdofomdlolgnlnogcncjnjeneangaaiebkhcjgjfgfdgdlgqdcxcyamainanmieoioneamemocjojfnjnofdndlmdmnlgmgcogombkhqdeoeqep"
    "aiebknbnmkhokonhbmhmocjmcmnjfmfdofomdlolgnlnogcnmbezakmkgmgcmclmlhmhbmbimifmfdmdjmjemeamkbdwakmkgmgcmclmlhmhbmbimi"
    "emeamdjfsdeybqbpdjndnmjfojonfdmfmoakmamnkgmgcmclmlhmhbohombioieninoeankbbrakmkhmhbmbimifmfdmdjmjemeamclgsdikdvducl"
    "ncnmlgolongcmgmoakokhnknohbnbimbmnifmfdmdjmjemeaoeomgaakekhehbebieclgdjfqddtdvduclncnmlgolongcmgmoakokhnknohbnbimb"
    "mniemeaoeomdjfqdbobqbpdjndnmjfojonfdmfmoakmamnkhmhbohombioieninoeanclgiaaidifdadedjebkckgcbchclhygbgazewdddkevaina"
    "nmifoionfdpfpodjqdqpjerjrqeamemrbkmbmnkgrkrmgcqgqrclpcpqlholophbnhnogaaiebkckgcbchclhdjfqdakdsdrainanmieoioneamemo"
    "bkmbmnkgmgcogomclolhnlnohbndjfqdelenemaiedjndnmjfojonfdmfmobkokgnknogcnclmcmnlhmhbohomgaaidifdadedjebkhclgqdcucwcv"
    "clncnmlgolongcmgmoaioifninofdndjmdmnjemeaoeombkhqdblbnbmbknbnmkhokonhbmhmoaimamnifmfdofomdjojenjnoeanclgeaaiebkhcl"
    "gdjfodcgcmciainanmieoioneamemoclncnolgmlmngcogombkhdjfodbjabbkaiebknbnmkhokonhbmhmodjndnojfmjmnfdofomclgfabkfkgckc"
    "fcjfdlhpdeseuetdlndnmlholonhdmhmobkokgnknogcncjmcmnjfmfbofomjberbkmkhmhdmdlmlgmgcmcjmjfmfbmjberbkmkgmgcmclmlhmhdmd"
    "jmjfmfbmfabkfkhjhdjkjfclgjberbkmkgmgcmcjmjfmfdmdlmlhmhbmfabkhcjgjfgfdgdlgpdeoeqepbknbnmkhokonhbmhmocjmcmnjfmfdofom"
    "dlolgnlnogcnfabkckgcbchclhdjfpdelenemdjndnmjfojonfdmfmobkokgnknogcnclmcmnlhmhbohomdabkhclgdjfndbjabbkbknbnmkhokonh"
    "bmhmodjndnojfmjmnfdofomclgdaakgfjhjlhnddjejekaknanmkgokongamgmofjofomjlolhnlnohfmhmnfaakhahjhfjajgjlgeaeigikgfjhjl"
    "hqeasarejeheinenmikoionkgpkpogemgmpfjmfmnjlpjpmlholophfnhnoibeiejmjlmlhmhfmfimikmkgmgemibeieimikmkhmhfmfjmjlmlgmge"
    "meaejgjlgfihikhqecsbheaeeejnenmjlojonlgplpogemgmpfimfmnikpipmkhokophfnhnoeaakgbihijhjlhodatdyekaknanmkgokongamgmob"
    "imbmnijoiomjlolhnlnohbngaakhahjhbjbijajgjlggaaigijgjlblhbjbgbkgeaaigijgjlgbkhodazefedbknbnmkhokonhbmhmoaimamnijoio"
    "mjlolgnlnoganfabkgbgjgejbjhjlhdabkhejgjlgndbbeeedbknbnmkhokonhbmhmoejoeomjlolgnlnogemgmneaakgclelhflfeodawejdxakna"
    "nmkgokongamgmoclolhnlnohfmhmnfemecoeomgaakfkhfaflfeleclalggaakekgckcfclflhfkfeeaakekhfkfeclgodileaduclncnmlgolongc"
    "mgmoakokhnknohfmhmnfemeaoeomfaclhchihficigikgdaclgfihikhndcpeadzclncnmlgolongcmgmofiofomikokhnknohfmhmnfaakgbihiec"
    "ichclhpdaddydxaknanmkgokongamgmobimbmniemecoeomclolhnlnohbnjbdwakmkhmhbmbimiemecmclmlgmgamjbdwaimiemecmclmlhmhbmbk"
    "mkgmgamfaaigieleclilgbkhjbdwakmkgmgcmclmlhmhbmbimiemeamfaakekhehbebieclgpddtdvduclncnmlgolongcmgmoakokhnknohbnbimb"
    "mniemeaoeomfaaiebkckgcbchclhpdakdsdrainanmieoioneamemobkmbmnkgmgcogomclolhnlnohbndaaiebkhclgndcgcmciainanmieoionea"
    "memoclncnolgmlmngcogombkheabkckgcbchclhcabkhclgdaaeibdkdlkndimgxazaenanmeioeoniamimobdnbnodlmdmnlkmkbokomfaaekeidi"
    "bdedkdlkdabdkdlkcjenddmdobbcjncnmjeojonecmemobdnbnodlmdmnlkmkbokomfabdkdjedekeckclkeaacicjibdkdlkqebgdpdoazacnanmc"
    "joconjipjpoiamimpbdobopdlndnolkmlmnkbpkpmibdnacmcjmjimibmbdmdlmlkmkamibdnacmclmlkmkbmbdmdjmjimiameaackclkbdidjiqea"
    "tdkddauacnanmcloconlkplpokamkmpbdobopdjndnojimjmnibpipmeacjedlflkfkifoddpdbbicjncnmjeojonecmemodlmdmnlkolomkioifni"
    "nofdngacjfcfkfdkdlkckekiegaclelkekidifdkdedjeeaclelkekiedjfoddddlindjndnmjfojonfdmfmoclmcmnlkolomkioieninoecnfaack"
    "cjfcfkfdkdlkdaackclkdjfnddidkdjdjndnmjfojonfdmfmoacnanoclmcmnlkmkaokomeaaeibfkfjlflkodimasalaenanmeioeoniamimobfof"
    "jnfnojlmjmnlkmkbokomgaaelejlalflkfkbfafigaaekeibeblbflfjlelkeaaekejlelkbfiodiobhbubfnbnmfiofonibmimoaeoejnenojlmjm"
    "nlkmkaokomfaaciclflkfkbfcfidaackclkbfindiocpatbfnbnmfiofonibmimoacnanoclmcmnlkmkaokomeaabgbdgdlgcjeoddadfaacjncnmj"
    "eojonecmemoabnanobdndlmdmnlgmgaogomgaabgbdedjebeleclblggaabebdgdlgbgjgcjbjeeaabebdedjeclgodcudecgclncnmlgolongcmgm"
    "oabnanobdndjmdmnjemeaoeomfabdidlgdgigcicjidabdidjiclgnddcddcrclncnmlgolongcmgmobdnbnodjmdmnjimiboiomfaaigifdidgdlg"
    "cjepddadbaicjncnmjeojonecmemoaioifninofdndlmdmnlgmgaogomjbczaimiemecmcjmjfmfdmdlmlgmgamjbczaimifmfdmdjmjemecmclmlg"
    "mgamfaaigieleclilgdjfjbczaimifmfdmdlmlgmgcmcjmjemeamfaaiecjgjfgfdgdlgpdcxcyamainanmieoioneamemocjojfnjnofdndlmdmnl"
    "gmgcogomfaaidifdadedjeclgpdcucwcvclncnmlgolongcmgmoaioifninofdndjmdmnjemeaoeomdaaieclgdjfndcgcmciainanmieoioneamem"
    "oclncnolgmlmngcogomdjfeacjgjfgfdgdlgcaclgdjffabfjbjgjlgbgigeidabfiejgjlgndipbhcsbfnbnmfiofonibmimoejnenojlmjmnlgmg"
    "eogomfaabgbflfeleclblgdaabebfeclgndilcncgclncnmlgolongcmgmoabnanobfmbmnfemeaoeomcabficlgmdcriqckbfnbnmfiofonibmimo"
    "clncnolgmlmngcogomeaaigieleclilgcaaieclgmdcgcmciainanmieoioneamemoclncnolgmlmngcogomdaaeicgdghdndcgciiraenanmeioeo"
    "niamimocgmcmnghogomhdodcndnofaagighihdidciceidabifcgdghdndcjckchbinbnmifoionfbmfmocgmcmnghmhdohomdcndnofabihifcfdc"
    "ichcgheaaebefbcgdghdqecgcichcdaenanmefoeonfbpfpobambmpcgmcmnghpgpmhdohopdcndnoibcfagmghmhdmdcmcemefmfbmbamibcfaeme"
    "fmfdmdcmcgmghmhbmbameaagbghbcedefdqeaaacbkbjagnanmghogonhbphpobambmpcemcmnefpepmfdofopdcndnoeabifdjhjegjghodcjcsbt"
    "binbnmifoionfbmfmodjojenjnoegmemnghmhdohomgabigiegbgjghjhdjbjfgabihifdidgdjgjegigheabihiegighdjfodcbasbpdjndnmjfoj"
    "onfdmfmobioieninoegmemnghmhbohomfaagbghjhdjgjbjfbdaagbghbdjfndcbanbjdjndnmjfojonfdmfmoagmamnghmhbohombanbnoeaaeicg"
    "jghjhfjodcgamisaenanmeioeoniamimocgmcmnghogomhfofjnfnojcngaaejajhjchcghahihfigaagighihfcfjchciceieaagighihficejoda"
    "caiitcencnmejoeonjcmjmoagmamnghogomhfofinfnoianfaaebejbjcgjgbghbdaagbghbcejndacaaiucencnmejoeonjcmjmoagmamnghogomh"
    "bobanbnoeaakckhchdcbifodbsatbxbinbnmifoionfbmfmoakmamnkhmhdohomdcocancnogaaicifcfbkfkckhchdcgaakckhchbihicifcfdcea"
    "aicifcfdcbkhodblbgbwbknbnmkhokonhbmhmoaimamnifmfdofomdcocancnofabkfkhchdckcfcefdabkhcedefdndbvbdbkbknbnmkhokonhbmh"
    "mocemcmnefmfdofomdcndnofaakekhdkdedjebifpdbsbubtbinbnmifoionfbmfmoakmamnkhmhdohomdjojenjnoeanjbbrakmkhmhdmdjmjfmfb"
    "mbimiemeamjbbraimifmfbmbkmkhmhdmdjmjemeamfaaiebkfkhjhdjkjfjbbrakmkhmhbmbimifmfdmdjmjemeamfaakekhehbebiedjfpdbobqbp"
    "djndnmjfojonfdmfmoakmamnkhmhbohombioieninoeanfaaidifdadedjebkhpdblbnbmbknbnmkhokonhbmhmoaimamnifmfdofomdjojenjnoea"
    "ndaaiebkhdjfndbjabbkaiebknbnmkhokonhbmhmodjndnojfmjmnfdofomeabkfkhjhdjkjfcabkhdjfmdbjabbkbknbnmkhokonhbmhmodjndnoj"
    "fmjmnfdofomfaceicihikhchjhfjdacejfihikhndivcsbhcencnmejoeonjcmjmofinfnoikmimnkhmhfohomfaakckhchbihicijcdaaicijcbkh"
    "ndazbgiwbknbnmkhokonhbmhmoaimamnijoiomjcocancnocabkhcejmdbzixbfbknbnmkhokonhbmhmocencnoejmemnjcojomeaakekhehbebiec"
    "aaiebkheaaeibdkdckcgkodakbaazaenanmeioeoniamimobdnbnodcncgmcmngkmkbokomgaaekeidibdedkdckcgkgaagigkdkbdgdidciceieaa"
    "gkbdidciceiodadayauagnanmgkogonkamkmobdnbnodcncemcmneimiboiomfaaekefkfdkdckcgkdaagkcedefdndaaaciyagnanmgkogonkamkm"
    "ocemcmnefoeomfdodcndnofaagigkdkbdgdidjidaagkbdidjindegapauagnanmgkogonkamkmobdnbnodjmdmnjimiboiomfadjedekegkdkfkif"
    "dadjfegigkindapasindjndnmjfojonfdmfmoegmemngkogomkioieninocaagkdjfmddjizaxagnanmgkogonkamkmodjndnojfmjmnfdofomfaae"
    "ibfkfjcfckcgkpdakamalaenanmeioeoniamimobfofjnfnojcncgmcmngkmkbokomjbajaemejmjcmcgmgkmkbmbfmfimiamjbajaemeimibmbfmf"
    "jmjcmcgmgkmkamfaaekejkjckcgkbfijbajagmgkmkbmbfmfjmjcmcemeimiamfaagigkfkbfgficejpdagaiahcencnmejoeonjcmjmoagmamngkm"
    "kbokombfofinfnoianfaagkbfcfjcbciceipdadafaeagnanmgkogonkamkmobfofjnfnojcncemcmneimiboiomdaagkbficejndaaacabagnanmg"
    "kogonkamkmocemcmnejoeomjcnjnobfieaaekejkjckcgkcaagkcejmdaaacabagnanmgkogonkamkmocemcmnejoeomjcnjnoeaagigkfkbfgfica"
    "agkbfieaaidifdadedjecaaiedjfeabfcfjcbciceicabficej";
// clang-format on

}  // namespace list_fast
