"""Formulas in the notations that notes and textbooks use; each reads, and survives printing."""

FORMULAS = r"""
\frac{\partial L}{\partial x_{ij}} = \sum_k \frac{\partial L}{\partial y_k} y_{ij}
{\partial L \over \partial x} + \partial L / \partial x + dL/dx + \frac{dE}{dt_2'}
\frac{d}{dx} f(x) + d/dx f(x)
\nabla_W L = \delta x^\top, \quad \nabla L(W; x_j), \quad \nabla_{\theta} J(\theta)^T
\sum_{n, i} a_{ni} + \sum_{0 \le i < n} x_i + \sum\limits_{i=1}^{n} x_i + \Sigma_i y_i
\sum_{\substack{0\le i\le m\\ 0<j<n}} P(i,j)
\sum_{i=1}^n \sum_{j=1}^m a_{ij} x_i \cdot x_j + c
a^{<t>} = g(W_{aa} a^{<t-1>} + W_{ax} x^{<t>} + b_a)
dZ^{[2]} = A^{[2]} - Y
dW^{[1]} = \frac{1}{m} dZ^{[1]} X^T
\mathrm{conv2}(x, \mathrm{rot180}(k), \text{'full'})
\mathbb{1}[i=j] + \mathbb{1}\{y=k\} + 1\{y=k\} + \mathbf{1}_{i=j}
f_t = \sigma(W_f \cdot [h_{t-1}, x_t] + b_f)
\mathrm{Attention}(Q,K,V) = \mathrm{softmax}\left(\frac{QK^\top}{\sqrt{d_k}}\right)V
\hat{x}_i = \frac{x_i - \mu_B}{\sqrt{\sigma_B^2 + \epsilon}}
D_{\mathrm{KL}}(p \| q) = \sum_x p(x) \log \frac{p(x)}{q(x)}
\max(0, x) + \max_j x_j + \max\{0, 1 - y f(x)\} + \arg\max_k z_k
f(x) = \begin{cases} x & \text{if } x > 0 \\ \alpha x & \text{otherwise} \end{cases}
|x| + \|w\|_2^2 + \left| a \right| + |a||b| + 2|x| + p(y \mid x) + p(y|x)
\left. \frac{\partial f}{\partial x} \right|_{x=a} + \frac{df}{dx}\bigg|_{x=0}
\underbrace{a+b}_{\text{sum}} = \overbrace{c}^{d} = \boxed{e}
W \leftarrow W - \eta \frac{\partial J}{\partial W}
x := y \implies z \triangleq w
\bar{y} = \frac1N \sum_i y_i
\delta^l = ((w^{l+1})^T \delta^{l+1}) \odot \sigma'(z^l)
f'(x) W^T \delta \odot f^{\prime(l)} \circ g'^{(l)}
\lfloor i / s \rfloor + \lceil i/2 \rceil + i \bmod s
A^{-1}, A^{\intercal}, \operatorname{tr}(A), \mathrm{diag}(v), a^{[l-1]T}, \delta^{(i)^T}
3{,}14 + 0,25 = 3.39
\begin{align} a &= b + c \\ &= d \\ &\quad + e \\ \Rightarrow f &= g \end{align}
x \in \mathbb{R}^{m \times n}, \quad i, j = 1, 2, \dots, 12, \quad p = 0, \ldots, P-1
1 \le i, j \le n
L = -\frac{1}{N}\sum_{n=1}^N \left[ y_n \log \hat y_n + (1-y_n) \log(1-\hat y_n) \right]
\mathcal{L}(\theta) = \mathbb{E}_{x \sim p}[f(x)]
e^{-x^2/2} + \exp^{-x} + \exp(-x) + \exp x + \log_2 x + \sin 2x
(f \circ g)'(x) + \sigma'(x)^2 + f^{-1}(x)
\left(\sum_i a_i\right. \\ \left. + b\right)
[0, 1) \cup (0, 1] \cup \{1, 2, \dots, n\}
\{S_q^2\}_{q=1,2,\dots,12} = F^{-1}(f)
x^* + x^{*} + x^+ + W_{:,j} + W[:, j] + x_{\cdot j}
a / b c - \frac{a}{b} (c) (d) + 2(1 - y)
-a^2 + -b - -c \cdot -d
\begin{bmatrix} 1 & 2 \\ \vdots & 4 \end{bmatrix}^T \begin{pmatrix} x \\ y \end{pmatrix}
\Delta k \text{ (size } 5 \times 5) \quad \Delta k(u, v) = 1
= \sum_i x_i
X @ F \Rightarrow
\bar{\bar{x}} + \hat{y}' + \overline{a + b} + \mathbf{X_1} + \widehat{y}_i^{(t)}
x_{i_1} + {}^T A + A_{ij}{}^T
\sqrt[3]{x} + \sqrt{\frac{6}{192+10}}
C_p^1 = \sigma(I * k_{1,p}^1 + b_p^1), \text{ where } \sigma(x) = \frac{1}{1 + \exp^{-x}}
\rightarrow
\lceil \cdot \rceil
180^\circ
"""

ALL = [line for line in FORMULAS.splitlines() if line]
